'use strict';
// Runs a plain script for each request: one at a time, in a fresh module scope, with stdin, stdout, environment and
// exit as a process of its own would have them. A run is over when its event loop is empty. To see that, all
// sockets of the host are unreferenced during a run: node then says `beforeExit`, and they are referenced again.
//
//            accept                 beforeExit, or exit/failure
//   IDLE ─────────────► RUNNING ───────────────────────────────► DRAINING ──beforeExit──► IDLE, or the next run
//
// After exit(), a failure or a cancel the answer is sent at once; what the script left behind gets DRAIN_MILLIS to
// end, and then the host ends itself, since a clean run cannot be had in it any more.

const fs = require('node:fs');
const timers = require('node:timers');
const { Readable } = require('node:stream');
const Module = require('node:module');
const { KIND, MODE } = require('./frames.js');
const { now } = require('./invocation.js');
const { environment } = require('./cgi.js');
const { complain, details, sentence } = require('./output.js');
const { stopTimer } = require('./probe.js');

const { setImmediate, setTimeout, clearTimeout } = timers;
const realExit = process.exit.bind(process);

const MAX_WAITING = 4096;
const DRAIN_MILLIS = 1000;
const UNSETTLED = 13; // node's own exit code for a top-level await that is never settled

/** Thrown by process.exit, so that the script goes no further. */
const EXIT = new Error('process.exit');

/** One run of the script. */
class Run {
  constructor(invocation) {
    this.invocation = invocation;
    this.input = null; // made when the script asks for it
    this.inputRead = 0;
    this.output = [];
    this.outputLength = 0;
    this.timers = new Set();
    this.stdin = null;
    this.variables = null; // environment, made when the script asks for it
    this.pending = false; // a top-level await is not settled yet
  }

  get body() {
    this.input ??= this.invocation.body;
    return this.input;
  }

  write(bytes) {
    this.outputLength += bytes.length;
    if (this.outputLength <= this.invocation.outputLimit) {
      this.output.push(bytes);
    }
  }
}

class ScriptRunner {
  #source;
  #name;
  #host;
  #state = 'IDLE';
  #run = null;
  #waiting = [];
  #drainTimer = null;
  #baseEnvironment = { ...process.env };
  #baseGlobals = null;
  #baseModules = null;
  #baseListeners = null;

  /** @param host has ref() and unref() for all its sockets */
  constructor(source, name, host) {
    this.#source = source;
    this.#name = name;
    this.#host = host;
    this.#remember();
  }

  get mode() {
    return MODE.SCRIPT;
  }

  /**
   * Takes the place of stdin, exit and timers, for good, and waits until whatever the evaluation in probe.js left
   * behind is gone.
   */
  async install() {
    const current = () => this.#run;
    this.#clean(null);
    Object.defineProperty(process, 'stdin', { configurable: true, enumerable: true, get: () => stdinOf(current()) });
    Object.defineProperty(process, 'env', {
      configurable: true,
      enumerable: true,
      get: () => this.#environment(),
      set: (variables) => {
        if (this.#run !== null) {
          this.#run.variables = variables;
        }
      },
    });
    process.exit = (code) => this.#exit(code);
    readsStdin(current);
    tracksTimers(current, this.#baseGlobals);
    this.#own('uncaughtException', (error) => this.#uncaught(error));
    Module.syncBuiltinESMExports();
    await new Promise((resolve) => {
      process.once('beforeExit', resolve);
      setTimeout(resolve, DRAIN_MILLIS).unref();
    });
    this.#own('beforeExit', () => this.#loopIsEmpty());
  }

  #environment() {
    const run = this.#run;
    if (run === null) {
      return { ...this.#baseEnvironment };
    }
    run.variables ??= environment(run.invocation, this.#baseEnvironment);
    return run.variables;
  }

  /** Adds a listener that cleaning leaves alone. */
  #own(event, listener) {
    process.on(event, listener);
    this.#baseListeners.set(event, new Set(process.rawListeners(event)));
  }

  /** What the process looks like between two runs. */
  #remember() {
    this.#baseGlobals = new Map(Reflect.ownKeys(globalThis)
      .map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)])
      .filter(([, { configurable }]) => configurable));
    this.#baseModules = new Set(Object.keys(Module._cache));
    this.#baseListeners = new Map(process.eventNames().map((event) => [event, new Set(process.rawListeners(event))]));
  }

  /** Takes what the script printed. */
  write(bytes, stdout) {
    if (this.#run === null) {
      return; // left over from a run that has its answer
    }
    if (stdout) {
      this.#run.write(bytes);
    } else {
      this.#run.invocation.logBytes(bytes);
    }
  }

  accept(invocation) {
    if (this.#waiting.length >= MAX_WAITING) {
      invocation.connection.answer(invocation, KIND.BUSY, `${MAX_WAITING} requests wait for this script already`);
      return;
    }
    this.#waiting.push(invocation);
    if (this.#state === 'IDLE') {
      this.#state = 'RUNNING';
      setImmediate(() => this.#next());
    }
  }

  /** Begins the run of whoever waits longest, if anybody does. */
  #next() {
    let invocation;
    do {
      invocation = this.#waiting.shift();
    } while (invocation !== undefined && (invocation.cancelled || invocation.deadline <= now()));
    if (invocation === undefined) {
      this.#state = 'IDLE';
      return;
    }
    this.#state = 'RUNNING';
    this.#host.unref();
    const run = new Run(invocation);
    this.#run = run;
    invocation.onCancel = () => this.#abandon(run);
    process.argv = ['node', this.#name];
    process.exitCode = undefined;
    this.#evaluate(run);
  }

  #evaluate(run) {
    try {
      if (this.#source.isModule) {
        run.pending = true;
        this.#source.link().then((module) => module.evaluate()).then(
          () => {
            run.pending = false;
          },
          (error) => this.#fail(run, error));
      } else {
        this.#source.evaluate(true);
      }
    } catch (error) {
      this.#fail(run, error);
    }
  }

  #exit(code) {
    const run = this.#run;
    if (run !== null) {
      this.#answer(run, exitCode(code ?? process.exitCode));
      this.#drain(run);
    }
    throw EXIT;
  }

  #uncaught(error) {
    if (error === EXIT) {
      return;
    }
    const { length } = this.#ownListeners('uncaughtException');
    if (length > 0 || this.#run === null) {
      return; // the script looks after it itself, or it is left over from a run that has its answer
    }
    this.#fail(this.#run, error);
  }

  #fail(run, error) {
    if (error === EXIT || run !== this.#run) {
      return;
    }
    const { invocation } = run;
    invocation.logText(details(error));
    invocation.connection.answer(invocation, KIND.ERROR, sentence(error), { exit: 1 });
    this.#drain(run);
  }

  #abandon(run) {
    if (run === this.#run && this.#state === 'RUNNING') {
      this.#drain(run);
    }
  }

  #loopIsEmpty() {
    const run = this.#run;
    if (this.#state === 'IDLE') {
      return;
    }
    if (this.#state === 'RUNNING' && run !== null) {
      if (run.pending) {
        run.invocation.logText('Warning: detected unsettled top-level await\n');
        this.#answer(run, UNSETTLED);
      } else {
        this.#answer(run, exitCode(process.exitCode));
      }
      this.#clean(run);
    }
    clearTimeout(this.#drainTimer);
    this.#run = null;
    this.#host.ref();
    // Not from within beforeExit: node would end if the next run left nothing in the loop.
    setImmediate(() => this.#next());
  }

  #answer(run, code) {
    const { invocation } = run;
    for (const listener of this.#ownListeners('exit')) {
      try {
        listener.call(process, code);
      } catch (error) {
        if (error !== EXIT) {
          invocation.logText(details(error));
        }
      }
    }
    const { connection } = invocation;
    if (run.outputLength > invocation.outputLimit) {
      connection.answer(invocation, KIND.OUTPUT_TOO_LARGE,
        `stdout is larger than ${invocation.outputLimit} bytes`, { exit: code });
      return;
    }
    const body = run.output.length === 1 ? run.output[0] : Buffer.concat(run.output);
    if (code === 0) {
      connection.answer(invocation, KIND.OK, body, { status: 200 });
    } else {
      connection.answer(invocation, KIND.EXIT, body, { exit: code });
    }
  }

  /** The run has its answer, or nobody wants one; what it left behind must end before the next run. */
  #drain(run) {
    this.#state = 'DRAINING';
    this.#run = null;
    this.#clean(run);
    this.#drainTimer = setTimeout(() => {
      complain(`baton: script ${this.#name} was still busy ${DRAIN_MILLIS} ms after its run had ended; `
        + 'the host ends, so that the next run begins clean\n');
      realExit(70);
    }, DRAIN_MILLIS);
    this.#drainTimer.unref();
  }

  #ownListeners(event) {
    const base = this.#baseListeners.get(event);
    return process.rawListeners(event).filter((listener) => !base?.has(listener));
  }

  /** Removes what a run left in the process: timers, listeners, globals, modules. */
  #clean(run) {
    if (run !== null) {
      run.timers.forEach(stopTimer);
      run.stdin?.destroy();
    }
    for (const event of process.eventNames()) {
      for (const listener of this.#ownListeners(event)) {
        process.removeListener(event, listener);
      }
    }
    process.stdout.removeAllListeners();
    process.stderr.removeAllListeners();
    for (const key of Object.keys(Module._cache)) {
      if (!this.#baseModules.has(key)) {
        delete Module._cache[key];
      }
    }
    for (const key of Object.keys(globalThis)) {
      if (!this.#baseGlobals.has(key)) {
        Reflect.deleteProperty(globalThis, key);
      }
    }
    for (const [key, base] of this.#baseGlobals) {
      if (wasReplaced(key, base)) {
        Object.defineProperty(globalThis, key, base);
      }
    }
  }
}

/** Whether a global was given another value. Lazy globals of node are not read for it: that would load them. */
function wasReplaced(key, base) {
  return base.get === undefined ? globalThis[key] !== base.value
    : Object.getOwnPropertyDescriptor(globalThis, key)?.get !== base.get;
}

function exitCode(code) {
  return Number(code ?? 0) & 0xff;
}

function stdinOf(run) {
  if (run === null) {
    return new Readable({ read() {} }).destroy();
  }
  if (run.stdin === null) {
    run.stdin = new Readable({
      read() {
        const { body } = run;
        if (run.inputRead < body.length) {
          const rest = Buffer.from(body.subarray(run.inputRead));
          run.inputRead = body.length;
          this.push(rest);
        } else {
          this.push(null);
        }
      },
    });
    run.stdin.fd = 0;
  }
  return run.stdin;
}

/** Lets the synchronous ways to read descriptor 0 read the request body. */
function readsStdin(current) {
  const { readFileSync, readSync } = fs;
  fs.readFileSync = function (file, options) {
    if (file !== 0 && file !== '/dev/stdin') {
      return readFileSync.apply(fs, arguments);
    }
    const run = current();
    const rest = run === null ? Buffer.alloc(0) : Buffer.from(run.body.subarray(run.inputRead));
    if (run !== null) {
      run.inputRead = run.body.length;
    }
    const encoding = typeof options === 'string' ? options : options?.encoding;
    return encoding ? rest.toString(encoding) : rest;
  };
  fs.readSync = function (fd, buffer, ...rest) {
    if (fd !== 0) {
      return readSync.apply(fs, arguments);
    }
    const [first, second] = rest;
    const { offset = 0, length = buffer.byteLength - offset } = typeof first === 'object' && first !== null
      ? first : { offset: first ?? 0, length: second ?? undefined };
    const run = current();
    if (run === null) {
      return 0;
    }
    const target = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
    const copied = run.body.copy(target, 0, run.inputRead);
    run.inputRead += copied;
    return copied;
  };
}

/** Remembers the timers of a run, so that they end with it. */
function tracksTimers(current, baseGlobals) {
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    const original = timers[name];
    const tracked = function (...args) {
      const timer = original(...args);
      current()?.timers.add(timer);
      return timer;
    };
    globalThis[name] = Object.defineProperties(tracked, Object.getOwnPropertyDescriptors(original));
    baseGlobals.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
  }
}

module.exports = { ScriptRunner };
