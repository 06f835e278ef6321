'use strict';
// Snapshots to measure with.
//   node --expose-gc --max-old-space-size=8000 snapshots.js mixed FILE UNITS   objects of all kinds, 0.9 kB of file each
//   node --expose-gc snapshots.js list FILE LENGTH                             a linked list
//   node --expose-gc snapshots.js hub FILE COUNT                               an object that so many refer to
//   node snapshots.js multiply FILE SOURCE TIMES                               what hangs from the root of SOURCE, so often
// `multiply` streams: a snapshot of any size takes no more memory than a block of it.
const fs = require('fs');
const v8 = require('v8');

const WORDS = ['Order', 'Invoice', 'Customer', 'Session', 'Widget', 'Tile', 'Vector', 'Packet', 'Token', 'Event', 'Layer', 'Route'];
const keep = (global.benchmark = {});

function list(length) {
  class ListNode { constructor(value, next) { this.value = value; this.next = next; } }
  keep.list = null;
  for (let i = 0; i < length; i++) keep.list = new ListNode(i, keep.list);
}

function hub(count) {
  const center = (keep.center = { name: 'center' });
  keep.spokes = [];
  for (let i = 0; i < count; i++) keep.spokes.push({ center });
}

function mixed(units) {
  const classes = WORDS.map((word, k) => ({ [word]: class {
    constructor(i, before) {
      this.id = i;
      this.label = `${word} #${i} ${(i * 2654435761 % 4294967296).toString(36)}`;
      if (k % 4 > 0) this.items = [{ q: i }, i + 0.5, before];
      if (k % 4 > 1) this.meta = { created: i * 3.25, flags: [1, 2, 3], path: `/${word}/${i}` };
      if (k % 4 > 2) this.onChange = (value) => { this.id = value; return before; };
    }
  } })[word]);
  keep.groups = [];
  keep.byLabel = new Map();
  keep.dictionary = Object.create(null);
  keep.weak = new WeakMap();
  let seed = 12345, group;
  for (let i = 0; i < units; i++) {
    if (i % 1000 === 0) keep.groups.push(group = { name: `group ${i}`, members: [] });
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    const made = new classes[i % classes.length](i, group.members[seed % (group.members.length || 1)] || null);
    group.members.push(made);
    if (i % 3 === 0) keep.byLabel.set(made.label, made);
    if (i % 10 === 0) keep.dictionary[`key-${i}`] = { owner: made };
    if (i % 50 === 0) keep.weak.set(made, { weakValue: i });
  }
  list(units);
}

// One copy of SOURCE has the root and all its edges, the others only the nodes behind it. Copy k's node v is node
// v + k * (nodes - 1), its id greater by k * `ids`; the strings are shared.
class Multiplier {
  constructor(source, target, times) {
    this.fd = fs.openSync(source, 'r');
    this.out = fs.openSync(target, 'w');
    this.times = times;
    this.buffer = Buffer.allocUnsafe(1 << 22);
    this.used = 0;
    const head = this.read(0, 1 << 16).toString('latin1');
    this.header = JSON.parse(head.slice(head.indexOf(':') + 1, head.indexOf(',\n"nodes":[')));
    this.nodes = this.header.node_count;
    this.edges = this.header.edge_count;
    this.width = this.header.meta.node_fields.length;
    this.nodesAt = head.indexOf('"nodes":[') + 9;
  }

  read(at, length) {
    const block = Buffer.allocUnsafe(length);
    return block.subarray(0, fs.readSync(this.fd, block, 0, length, at));
  }

  // Calls `row` with each row of numbers from byte `at` on; returns the byte behind the closing bracket.
  rows(at, width, row) {
    const values = new Array(width).fill(0);
    let field = 0, value = 0, digits = 0, ordinal = 0;
    for (;;) {
      const block = this.read(at, 1 << 22);
      for (let i = 0; i < block.length; i++) {
        const c = block[i];
        if (c >= 48 && c <= 57) { value = value * 10 + c - 48; digits++; continue; }
        if (c !== 44 && c !== 93) continue;
        if (digits) {
          values[field++] = value;
          value = digits = 0;
          if (field === width) { field = 0; if (row(values, ordinal++) === false) return at + i + 1; }
        }
        if (c === 93) return at + i + 1;
      }
      at += block.length;
    }
  }

  text(text) {
    if (this.used + text.length > this.buffer.length - 64) this.flush();
    this.used += this.buffer.write(text, this.used, 'latin1');
  }

  number(value, first) {
    if (this.used > this.buffer.length - 64) this.flush();
    const buffer = this.buffer;
    if (!first) buffer[this.used++] = 44;
    let end = this.used, rest = value;
    do { end++; rest = Math.floor(rest / 10); } while (rest);
    this.used = end;
    do { buffer[--end] = 48 + value % 10; value = Math.floor(value / 10); } while (value);
  }

  row(values, first) {
    if (!first) { this.buffer[this.used++] = 10; }
    for (let i = 0; i < values.length; i++) this.number(values[i], first && i === 0);
  }

  flush() {
    fs.writeSync(this.out, this.buffer, 0, this.used);
    this.used = 0;
  }

  run() {
    const { header, width, times, nodes } = this;
    const [ID, EDGES, TO] = [header.meta.node_fields.indexOf('id'), header.meta.node_fields.indexOf('edge_count'), 2];
    let rootEdges = 0, ids = 0;
    const edgesAt = this.rows(this.nodesAt, width, (v, i) => {
      if (i === 0) rootEdges = v[EDGES];
      if (v[ID] > ids) ids = v[ID];
    }) + ',\n"edges":['.length;
    ids += ids % 2;
    const all = { ...header, node_count: 1 + times * (nodes - 1), edge_count: times * this.edges };
    this.text(`{"snapshot":${JSON.stringify(all)},\n"nodes":[`);
    for (let k = 0; k < times; k++) {
      this.rows(this.nodesAt, width, (v, i) => {
        if (i === 0 && k > 0) return;
        const own = v.slice();
        if (i === 0) own[EDGES] *= times;
        own[ID] += k * ids;
        this.row(own, i === 0);
      });
    }
    this.text('],\n"edges":[');
    const shift = (v, k) => [v[0], v[1], v[TO] === 0 ? 0 : v[TO] + k * (nodes - 1) * width];
    for (let k = 0; k < times; k++) this.rows(edgesAt, 3, (v, i) => (i < rootEdges ? this.row(shift(v, k), k + i === 0) : false));
    let end = 0;
    for (let k = 0; k < times; k++) end = this.rows(edgesAt, 3, (v, i) => { if (i >= rootEdges) this.row(shift(v, k), false); });
    // Locations are of the first copy, and the strings are as they are.
    this.text(']');
    this.flush();
    for (let block; (block = this.read(end, 1 << 22)).length; end += block.length) fs.writeSync(this.out, block);
    fs.closeSync(this.out);
  }
}

const [kind, file, ...rest] = process.argv.slice(2);
if (kind === 'multiply') {
  new Multiplier(rest[0], file, Number(rest[1])).run();
} else {
  ({ mixed, list, hub })[kind](Number(rest[0]));
  global.gc();
  v8.writeHeapSnapshot(file);
}
