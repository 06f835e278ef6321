'use strict';
// A chat server over plain sockets.
const net = require('net');
const EventEmitter = require('events');
const { snapshot, listen, pause } = require('./common');

class Member {
  constructor(name, socket) {
    this.name = name;
    this.inbox = [];
    this.socket = socket;
  }

  deliver(text) {
    this.inbox.push(text);
    if (this.inbox.length > 3) this.inbox.shift();
    if (this.socket.writable) this.socket.write(`${text}\n`);
  }
}

class Peer {
  constructor(name) {
    this.name = name;
    this.latencies = [1.5, 2.5, 3.5];
    this.route = { from: 'edge', to: `node-${name}` };
  }

  measure() {
    this.latencies.push(Math.random());
    this.latencies.shift();
  }
}

const room = new EventEmitter();
room.setMaxListeners(0);
room.on('message', () => {});
const online = new Map();
const history = [];

const commands = {
  // Listeners: each member listens to the room and is never taken off.
  join(socket, name) {
    const member = new Member(name, socket);
    room.on('message', (text) => member.deliver(text));
  },
  // Timers: the interval of a peer goes on when its connection is closed.
  watch(socket, name) {
    const peer = new Peer(name);
    setInterval(() => peer.measure(), 60000);
    socket.on('end', () => socket.end());
  },
  say(socket, text) {
    history.push(text);
    if (history.length > 50) history.shift();
    room.emit('message', text);
  },
  hello(socket, name) {
    online.set(name, socket);
    socket.on('close', () => online.delete(name));
    socket.on('end', () => socket.end());
  },
  // Sockets: with allowHalfOpen a socket stays until it is ended here too, which nobody does.
  listen() {},
};

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (line) => {
    const [command, text] = line.trim().split(' ');
    commands[command](socket, text);
    if (command === 'join') socket.on('end', () => socket.end());
    socket.write('ok\n');
  });
});

async function visit(port, line) {
  const socket = net.connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(`${line}\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.resume();
  socket.end();
}

async function visits(port, count, line) {
  for (let i = 0; i < count; i += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, k) => visit(port, line(i + k))));
    if (i % 50 === 0) await visit(port, `hello guest${i}`);
  }
  await pause(60);
}

async function main() {
  const port = await listen(server);
  for (const command of ['hello', 'join', 'watch']) await visits(port, 20, (i) => `${command} early${i}`);
  await visits(port, 20, (i) => `say ${i}`);
  await snapshot('chat');
  await visits(port, 100, (i) => `join member${i}`);
  await snapshot('chat');
  // Two at once.
  await visits(port, 120, (i) => `watch peer${i}`);
  await visits(port, 50, (i) => `listen ${i}`);
  await snapshot('chat');
  process.exit();
}

main();
