// Lists the names that every program has: of the language, of Node and of browsers, one a line.
//
//     node tests/privacy/known_names.mjs > heaptui/privacy/known.txt
//
// Names come from reflection, never from a heap, so nothing of this machine is among them. Browsers' names
// are added where `chromium` can be started.
import {spawnSync} from 'node:child_process';
import {writeFileSync, mkdtempSync, rmSync} from 'node:fs';
import {builtinModules, createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** All names that lead on from some objects: of properties, functions, classes and symbols. */
function walk(starts, left) {
  const names = new Set();
  const seen = new Set(left);
  const todo = [...starts];
  const add = name => {
    if (typeof name === 'string') {
      names.add(name);
    }
  };
  while (todo.length) {
    const object = todo.pop();
    if (object === null || (typeof object !== 'object' && typeof object !== 'function') || seen.has(object)) {
      continue;
    }
    seen.add(object);
    try {
      if (!(ArrayBuffer.isView(object) || Array.isArray(object))) {
        for (const key of Reflect.ownKeys(object)) {
          add(typeof key === 'symbol' ? key.description : key);
          const property = Reflect.getOwnPropertyDescriptor(object, key);
          if ((key === 'name' && typeof object === 'function') || key === Symbol.toStringTag) {
            add(property.value);
          }
          todo.push(property.value, property.get, property.set);
        }
      }
      todo.push(Reflect.getPrototypeOf(object));
    } catch {
      // What may not be looked at has no name.
    }
  }
  return [...names];
}

function browser() {
  const page = `<pre id=out></pre><script>${walk}
    document.getElementById('out').textContent = JSON.stringify(walk([window, ...['div', 'a', 'img', 'input', 'form',
      'canvas', 'video', 'svg', 'iframe', 'select', 'table'].map(name => document.createElement(name)),
      getComputedStyle(document.body)], []))</script>`;
  const folder = mkdtempSync(join(tmpdir(), 'known-names-'));
  try {
    writeFileSync(join(folder, 'page.html'), page);
    const run = spawnSync('chromium', ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/user`,
      '--dump-dom', `file://${folder}/page.html`], {encoding: 'utf8', timeout: 60000, maxBuffer: 1 << 28});
    const found = /<pre id="out">(.*?)<\/pre>/s.exec(run.stdout ?? '');
    return found ? JSON.parse(found[1].replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')) : [];
  } finally {
    rmSync(folder, {recursive: true, force: true, maxRetries: 5});
  }
}

async function node() {
  const require = createRequire(import.meta.url);
  const modules = builtinModules.filter(name => !['repl', 'inspector/promises'].includes(name)).map(name => require(name));
  const {EventEmitter} = require('events');
  const http = require('http'), net = require('net'), stream = require('stream'), zlib = require('zlib');
  const timers = [setTimeout(() => {}, 0), setInterval(() => {}, 1e6), setImmediate(() => {})];
  const server = http.createServer(), socket = new net.Socket();
  const request = http.request({host: '127.0.0.1', port: 9});
  request.on('error', () => {});
  const samples = [server, socket, request, new net.Server(), new stream.Duplex(), new stream.PassThrough(),
    new EventEmitter().on('error', () => {}), zlib.createGzip(), new AbortController(), new Error(), new URL('http://a/'),
    new (require('async_hooks').AsyncLocalStorage)(), new http.Agent(), new http.IncomingMessage(socket),
    new http.ServerResponse({method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1}), require('module').prototype,
    process.stdout, process.stderr, [].values(), new Map().keys(), new Set().keys(), ''[Symbol.iterator](),
    ''.matchAll(/a/g), new URLSearchParams().keys(), (function* () {})(), (async function* () {})(), ...timers];
  // The names in these are the machine's.
  const names = walk([globalThis, process, ...modules, ...samples], [process.env, process.argv, process.config,
    require.cache, process.features, process.report]);
  timers.slice(1, 2).forEach(clearInterval);
  request.destroy();
  return names;
}

const all = new Set([...await node(), ...browser()]);
const fit = [...all].filter(name => /^[A-Za-z_$#][\w$]*(?:[ .-][A-Za-z_$][\w$]*)*$/.test(name) && name.length > 1 &&
  name.length <= 48 && !/^(get|set|bound|bound bound) /.test(name));
process.stdout.write(fit.sort().join('\n') + '\n');
process.exit(0);
