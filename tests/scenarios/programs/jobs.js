'use strict';
// A job runner: promises, timers and a queue.
const { snapshot, pause } = require('./common');

class Job {
  constructor(number) {
    this.number = number;
    this.payload = { file: `upload-${number}.bin`, parts: [number, number + 0.5] };
  }
}

class Ticket {
  constructor(number) {
    this.number = number;
    this.attempts = 0;
    this.address = { host: `printer-${number}`, port: 9100 };
  }
}

class Call {
  constructor(number) {
    this.method = 'convert';
    this.params = [{ page: number }, { format: `A${number % 5}` }];
  }
}

class Task {
  constructor(number) {
    this.name = `task ${number}`;
    this.due = 1700000000000.5 + number;
  }
}

class Queue {
  #head = null;
  #tail = null;
  length = 0;

  push(task) {
    const link = { task, next: null };
    if (this.#tail) this.#tail.next = link;
    else this.#head = link;
    this.#tail = link;
    this.length++;
  }

  shift() {
    const { task, next } = this.#head;
    this.#head = next;
    if (!next) this.#tail = null;
    this.length--;
    return task;
  }
}

const migrated = new Promise(() => {});
const pending = new Map();
const inbox = new Queue();
const backlog = new Queue();
const finished = [];
let rates = null;

function finish(line) {
  finished.push(line);
  if (finished.length > 200) finished.shift();
}

// Promise: the migration never ends, and every job waits for it in a suspended function.
async function store(job) {
  await migrated;
  finish(`${job.number} stored`);
}

// Timers: a printer that never answers is asked again and again, by a chain of timeouts.
function poll(ticket) {
  ticket.attempts++;
  setTimeout(poll, 40, ticket);
}

// Promises in a Map: the converter never answers these calls, their entries stay.
let calls = 0;
function convert(call) {
  return new Promise((resolve, reject) => pending.set(++calls, { call, resolve, reject }));
}

async function print(number, answered) {
  const answer = convert(new Call(number));
  if (answered) {
    pending.get(calls).resolve('done');
    pending.delete(calls);
  }
  finish(await answer);
}

function work(count) {
  for (let i = 0; i < count; i++) inbox.push(new Task(i));
  while (inbox.length) finish(inbox.shift().name);
}

// Queue: tasks are put on the backlog and nobody takes them off.
function postpone(count) {
  for (let i = 0; i < count; i++) backlog.push(new Task(i));
}

async function main() {
  for (let i = 0; i < 5; i++) store(new Job(i));
  for (let i = 0; i < 5; i++) poll(new Ticket(i));
  for (let i = 0; i < 50; i++) print(i, i > 5);
  postpone(10);
  work(300);
  await pause(50);
  await snapshot('jobs');
  for (let i = 0; i < 300; i++) store(new Job(1000 + i));
  work(300);
  await snapshot('jobs');
  for (let i = 0; i < 300; i++) poll(new Ticket(1000 + i));
  work(300);
  await pause(100);
  await snapshot('jobs');
  // Two at once: calls and the backlog; besides, a table of rates is loaded.
  for (let i = 0; i < 600; i++) print(i, i % 2);
  postpone(500);
  rates = JSON.parse(JSON.stringify(Array.from({ length: 300 }, (_, i) => ({ code: `C${i}`, rate: i + 0.25 }))));
  work(300);
  await snapshot('jobs');
  // The backlog alone goes on.
  postpone(500);
  work(rates.length);
  await snapshot('jobs');
  process.exit();
}

main();
