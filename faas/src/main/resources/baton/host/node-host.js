'use strict';
// The Node host: a warm process that runs one version of one JavaScript function for any number of workers.
//
//   node --experimental-vm-modules --no-warnings node-host.js [--listen PATH] [--parent-fd N] FILE NAME
//
// It listens on descriptor 3, or on a Unix socket at PATH. It ends at SIGTERM, after answering what is under way,
// and at once when descriptor N (a pipe or socket held by its parent) is at its end. The other files here hold the
// parts; the Java package baton.host documents the frames.

const net = require('node:net');
const timers = require('node:timers');
const { AsyncLocalStorage } = require('node:async_hooks');
const { Connection, KIND, MODE } = require('./frames.js');
const { install: installFetch } = require('./fetch.js');
const { HandlerRunner } = require('./handler.js');
const { Source } = require('./load.js');
const { capture, complain, details, sentence } = require('./output.js');
const { findHandler } = require('./probe.js');
const { ScriptRunner } = require('./script.js');

const LISTEN_FD = 3;
const MAX_STOP_MILLIS = 5000;
const exit = process.exit.bind(process);

/** Answers every request with the reason why the function cannot run. */
class BrokenRunner {
  #reason;

  constructor(reason) {
    this.#reason = reason;
  }

  get mode() {
    return MODE.BROKEN;
  }

  accept(invocation) {
    invocation.connection.answer(invocation, KIND.ERROR, this.#reason, { exit: 1 });
  }
}

/** The sockets of this process, and the runner that serves them. */
class Host {
  #runner = null;
  #server = net.createServer((socket) => this.#connected(socket));
  #connections = new Set();
  #referenced = true;

  constructor() {
    process.on('SIGTERM', () => this.#stop());
  }

  get mode() {
    return this.#runner.mode;
  }

  serve(runner, listenOn) {
    this.#runner = runner;
    this.#server.on('error', (error) => {
      complain(`baton: the host cannot listen: ${error.message}\n`);
      exit(71);
    });
    this.#server.listen(listenOn);
  }

  #connected(socket) {
    const connection = new Connection(socket, this);
    this.#connections.add(connection);
    if (!this.#referenced) {
      connection.unref();
    }
  }

  accept(invocation) {
    this.#runner.accept(invocation);
  }

  closed(connection) {
    this.#connections.delete(connection);
  }

  ref() {
    this.#referenced = true;
    this.#server.ref();
    for (const connection of this.#connections) {
      connection.ref();
    }
  }

  unref() {
    this.#referenced = false;
    this.#server.unref();
    for (const connection of this.#connections) {
      connection.unref();
    }
  }

  /** Ends when nothing is under way any more, or after MAX_STOP_MILLIS. */
  #stop() {
    this.#server.close();
    const deadline = Date.now() + MAX_STOP_MILLIS;
    const check = () => {
      const busy = [...this.#connections].some((connection) => connection.busy);
      if (!busy || Date.now() > deadline) {
        exit(0);
      }
      timers.setTimeout(check, 10).unref();
    };
    check();
  }
}

function endsWithParent(fd) {
  const parent = new net.Socket({ fd, readable: true, writable: false });
  parent.on('error', () => exit(0));
  parent.on('close', () => exit(0));
  parent.resume();
  parent.unref();
}

/** Where the function's output goes: to the invocation whose code runs, to the current run, or nowhere yet. */
class Output {
  #storage;
  #held = null;
  #script = null;

  constructor(storage) {
    this.#storage = storage;
    capture((bytes) => this.#write(bytes, true), (bytes) => this.#write(bytes, false));
  }

  #write(bytes, stdout) {
    if (this.#held !== null) {
      this.#held.push(bytes);
    } else if (this.#script !== null) {
      this.#script.write(bytes, stdout);
    } else {
      const invocation = this.#storage.getStore();
      if (invocation === undefined) {
        complain(bytes);
      } else {
        invocation.logBytes(bytes);
      }
    }
  }

  /** Keeps output back until the returned function is called, which passes it on or drops it. */
  hold() {
    const held = [];
    this.#held = held;
    return (pass) => {
      this.#held = null;
      if (pass) {
        held.forEach((bytes) => complain(bytes));
      }
    };
  }

  toScript(script) {
    this.#script = script;
  }
}

/** Decides who runs the function, as load.js explains. */
async function runnerFor(file, name, host) {
  const storage = new AsyncLocalStorage();
  const output = new Output(storage);
  process.argv = ['node', name];
  try {
    const source = new Source(file);
    const script = new ScriptRunner(source, name, host);
    const uninstallFetch = installFetch();
    const handler = await findHandler(source, () => output.hold());
    if (handler !== undefined) {
      guardProcess();
      return new HandlerRunner(handler, storage);
    }
    uninstallFetch();
    output.toScript(script);
    await script.install();
    return script;
  } catch (error) {
    complain(`baton: function ${name} cannot be loaded: ${details(error)}`);
    return new BrokenRunner(`the function cannot be loaded: ${sentence(error)}`);
  }
}

/** Keeps one request of a handler from ending the others by process.exit. */
function guardProcess() {
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ''}) was called; a handler returns a response instead`);
  };
  process.on('uncaughtException', (error) => {
    complain(`baton: the host ends, since nobody handled this error outside of a handler: ${details(error)}`);
    exit(70);
  });
}

function argumentsOf(argv) {
  const options = { listenOn: { fd: LISTEN_FD }, parentFd: null, positional: [] };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--listen') {
      options.listenOn = { path: argv[++i] };
    } else if (argv[i] === '--parent-fd') {
      options.parentFd = Number(argv[++i]);
    } else {
      options.positional.push(argv[i]);
    }
  }
  if (options.positional.length !== 2) {
    complain('usage: node-host.js [--listen PATH] [--parent-fd N] FILE NAME\n');
    exit(64);
  }
  return options;
}

async function main() {
  const { listenOn, parentFd, positional: [file, name] } = argumentsOf(process.argv.slice(2));
  if (parentFd !== null) {
    endsWithParent(parentFd);
  }
  const host = new Host();
  host.serve(await runnerFor(file, name, host), listenOn);
}

main();
