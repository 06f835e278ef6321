'use strict';
// An order service over http.
const http = require('http');
const { snapshot, drive, listen, pause } = require('./common');

class Product {
  constructor(number) {
    this.number = number;
    this.title = `Product ${number}`;
    this.prices = [{ currency: 'EUR', cents: number * 3 + 0.5 }, { currency: 'USD', cents: number * 4 + 0.5 }];
  }
}

class AuditEntry {
  constructor(number) {
    this.action = 'checkout';
    this.order = `order-${number}`;
    this.changes = [{ field: 'state', from: 'open', to: 'paid' }];
  }
}

class Reservation {
  constructor(number) {
    this.shelf = `shelf-${number % 40}`;
    this.article = { number, label: `article ${number}` };
    this.until = 1700000000000 + number;
  }
}

class LruCache {
  constructor(limit) {
    this.limit = limit;
    this.entries = new Map();
  }

  get(key, make) {
    const value = this.entries.get(key) || make(key);
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.limit) this.entries.delete(this.entries.keys().next().value);
    return value;
  }
}

const products = new LruCache(400);
const recentRequests = [];
const auditTrail = [];
const upstream = new http.Agent({ keepAlive: true });
global.reservations = {};

const routes = {
  product: (number) => products.get(number, (key) => new Product(key)).title,
  // Module state: every checkout stays in an array of the module.
  checkout: (number) => auditTrail.push(new AuditEntry(number)),
  // Global variable: every reservation stays in a dictionary on the global object.
  reserve(number) {
    global.reservations[`R-${number}`] = new Reservation(number);
    return number;
  },
  // Streams: the answers of the warehouse are never read, so their sockets are never free for another request.
  stock(number, port) {
    http.get({ host: '127.0.0.1', port, path: `/shelf/${number}`, agent: upstream }, (response) => {
      if (response.statusCode !== 200) console.error('warehouse is out of order');
    });
    return number;
  },
};

async function main() {
  const warehouse = http.createServer((request, response) => response.end(JSON.stringify({ shelf: request.url, stock: 7 })));
  warehouse.keepAliveTimeout = 0;
  const warehousePort = await listen(warehouse);
  const server = http.createServer((request, response) => {
    const [, name, number] = request.url.split('/');
    recentRequests.push(`${request.method} ${request.url} ${Date.now()}`);
    if (recentRequests.length > 100) recentRequests.shift();
    response.end(String(routes[name](Number(number), warehousePort)));
  });
  const port = await listen(server);

  await drive(port, 100, (i) => `/product/${i}`);
  await drive(port, 10, (i) => `/checkout/${i}`);
  await drive(port, 10, (i) => `/reserve/${i}`);
  await drive(port, 2000, (i) => `/product/${i}`);
  await snapshot('orders');
  // No leak: the cache of products is full and replaces all its entries.
  await drive(port, 1500, (i) => `/product/${5000 + i}`);
  await snapshot('orders');
  await drive(port, 600, (i) => (i % 3 ? `/checkout/${i}` : `/product/${7000 + i}`));
  await snapshot('orders');
  await drive(port, 500, (i) => (i % 4 ? `/reserve/${1000 + i}` : `/product/${9000 + i}`));
  await snapshot('orders');
  await drive(port, 50, (i) => (i % 2 ? `/stock/${i}` : `/product/${11000 + i}`));
  await pause(100);
  await snapshot('orders');
  process.exit();
}

main();
