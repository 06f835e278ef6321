'use strict';
// Takes the snapshots of shop.html in Chromium, whose path is in CHROMIUM.
const fs = require('fs');
const http = require('http');
const path = require('path');
const puppeteer = require('puppeteer-core');

async function main() {
  const page = fs.readFileSync(path.join(__dirname, 'shop.html'));
  const server = http.createServer((request, response) => response.end(page)).listen(0, '127.0.0.1');
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const tab = await browser.newPage();
  await tab.goto(`http://localhost:${server.address().port}/shop.html`);
  const session = await tab.createCDPSession();
  const chunks = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.enable');
  let taken = 0;

  async function step(script) {
    await tab.evaluate(`${script}; work(300)`);
    chunks.length = 0;
    for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.takeHeapSnapshot');
    fs.writeFileSync(path.join(process.env.OUT, `shop-${taken++}.heapsnapshot`), chunks.join(''));
  }

  await step('addAndRemove(20); showTooltips(20); work(300)');
  await step('addAndRemove(250)');
  await step('addAndRemove(250); showTooltips(300)');
  await browser.close();
  server.close();
}

main();
