// A gateway over http, as ES modules.
import http from 'http';
import { AsyncLocalStorage } from 'async_hooks';
import LRU from 'lru-cache';
import common from './common.js';
import { sessionFor } from './sessions.mjs';

const { snapshot, drive, listen } = common;

class RequestContext {
  constructor(url) {
    this.url = url;
    this.headers = new Map([['trace', `trace-${url}`], ['agent', 'curl']]);
    this.marks = [{ name: 'start', at: 1.5 }];
  }
}

class Article {
  constructor(number) {
    this.number = number;
    this.body = [`Title ${number}`, `Text ${number}`];
  }
}

const requests = new AsyncLocalStorage();
const statistics = { count: 0, latest: [] };
// Library: lru-cache of node_modules, made without a limit.
const articles = new LRU();
const headlines = new LRU({ max: 100 });

function article(number) {
  if (!articles.has(number)) articles.set(number, new Article(number));
  return articles.get(number).body[0];
}

function headline(number) {
  if (!headlines.has(number)) headlines.set(number, new Article(number));
  return headlines.get(number).body[0];
}

// Async context: a cleanup that is due tomorrow keeps the store of the request that asked for it.
function lock() {
  setTimeout(() => statistics.count--, 86400000);
  return requests.getStore().url;
}

const server = http.createServer((request, response) => {
  const [, name, key] = request.url.split('/');
  requests.run(new RequestContext(request.url), async () => {
    await null;
    statistics.latest.push(requests.getStore().url);
    if (statistics.latest.length > 60) statistics.latest.shift();
    if (name === 'session') response.end(sessionFor(key).token);
    else if (name === 'article') response.end(article(key));
    else if (name === 'headline') response.end(headline(key));
    else response.end(lock());
  });
});

async function main() {
  const port = await listen(server);
  await drive(port, 300, (i) => `/${['session', 'article', 'headline', 'lock'][i % 4]}/${i % 10}`);
  await drive(port, 300, (i) => `/headline/${i}`);
  await snapshot('gateway');
  await drive(port, 400, (i) => (i % 4 ? `/session/s${i}` : `/headline/${i}`));
  await snapshot('gateway');
  await drive(port, 250, (i) => (i % 5 ? `/lock/${i}` : `/headline/${i}`));
  await snapshot('gateway');
  await drive(port, 450, (i) => (i % 3 ? `/article/a${i}` : `/headline/${i}`));
  await snapshot('gateway');
  process.exit();
}

main();
