// A program with a secret of every kind, and a snapshot of it. Every secret has the word "planted" or a number below.
//
//     tests/privacy/plant.sh writes tests/data/node20-secrets.heapsnapshot.gz
'use strict';
const v8 = require('node:v8');
const keep = (globalThis.keep = {});

// Strings
keep.token = 'tok_live_planted_9f8e7d6c5b4a39281706f5e4d3c2b1a0';
keep.mail = 'planted.person@example.org';
keep.card = '4111 1111 1111 1111';
keep.name = 'Zażółć planted gęślą';
keep.sign = 'planted 🔑 clé';
keep.template = `hello ${keep.mail.slice(0, 7)} planted-template ${process.pid * 0}`;
keep.json = JSON.stringify({password: 'json-planted', mail: 'json.planted@example.org'});
keep.url = new URL('https://bob:urlpassplanted@shop.example/planted/path?token=urltokenplanted');
keep.env = process.env.PLANTED_ENV;
keep.argv = process.argv.slice(2);
keep.error = new Error('planted error message');
keep.buffer = Buffer.from('buffer-planted-latin1 é').toString('latin1');
keep.bytes = Buffer.from('bytes-planted-utf8');
keep.external = Buffer.alloc(1_100_000, 'external-planted ').toString('latin1');
const half = ['rope-planted-left-', 'rope-planted-right-'].map(text => text + process.version.length);
keep.rope = half[0] + half[1] + half[0];
keep.slice = keep.external.slice(5000, 5100);
keep.part = ('prefix that is long enough planted-slice suffix ' + process.version).slice(3, 60);
keep.lone = 'planted \ud800 lone';

// Numbers
keep.account = 5500005555555559;
keep.pin = 7351946;
keep.big = 123456789012345678901234567890n;

// Keys
keep.map = new Map([['map.planted.key@example.org', {value: 'map-value-planted'}]]);
keep.set = new Set(['set-planted-entry']);
keep.weak = new WeakMap([[keep.map, 'weak-value-planted']]);
keep.dictionary = {};
for (let i = 0; i < 200; i++) {
  keep.dictionary['planted_user_' + i] = {visits: i};
}
keep.small = {'small.planted@example.org': 1, plantedCustomer: 2, 'quo"ted, {planted} key': 3, 'it\'s planted': 4};
keep.slow = {plantedSlowKey: 1, gone: 2};
delete keep.slow.gone;
keep.accessors = {get total() { return 1; }, set total(value) { keep.last = value; }};
keep.symbol = {[Symbol('symbol planted description')]: 1, [Symbol.for('registered planted symbol')]: 2};

// Code
keep.regexp = /regexp-planted-(\d+)/;
keep.source = function open() {
  // planted in a comment of the source
  return 'source-text-planted';
};
keep.closure = (captured => () => captured)({inside: 'captured-planted'});
class Vault {
  #pin = 'private-field-planted';
  static #shared = 'static-private-planted';
  read() {
    return this.#pin + Vault.#shared;
  }
}
keep.vault = new Vault();
keep.vault.read();
keep.computed = {['computed planted method']() {}, ['computed planted class']: class {}};
keep.instance = new keep.computed['computed planted class']();
keep.tagged = {[Symbol.toStringTag]: 'tag planted'};
keep.renamed = Object.defineProperty(() => 1, 'name', {value: 'sk_live_planted4eC39HqLyjWDarjtT1zdp7dc'});
keep.proxy = new Proxy({plantedProxied: 1}, {});

// What analysis needs
keep.sessions = Array.from({length: 50}, (_, i) => ({sessionName: i, openedAt: i}));
class Session {}
keep.made = new Session();

v8.writeHeapSnapshot(process.env.PLANTED_OUT, {exposeNumericValues: true});
