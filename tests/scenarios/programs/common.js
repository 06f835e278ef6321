'use strict';
// Shared by the programs: snapshots after full collections, and requests to a server of the same process.
const path = require('path');
const v8 = require('v8');

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let taken = 0;

// Writes NAME-0.heapsnapshot, NAME-1.heapsnapshot, ... into the folder OUT.
async function snapshot(name) {
  for (let i = 0; i < 8; i++) {
    global.gc();
    await pause(5);
  }
  v8.writeHeapSnapshot(path.join(process.env.OUT, `${name}-${taken++}.heapsnapshot`));
}

function get(http, port, url, agent) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: url, agent }, (response) => {
      response.resume();
      response.on('end', resolve);
    }).on('error', reject);
  });
}

// Sends COUNT requests, eight at a time over connections kept alive.
async function drive(port, count, url) {
  const http = require('http');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  let sent = 0;
  const client = async () => {
    while (sent < count) await get(http, port, url(sent++), agent);
  };
  await Promise.all(Array.from({ length: 8 }, client));
  agent.destroy();
  await pause(30);
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

module.exports = { snapshot, drive, listen, pause };
