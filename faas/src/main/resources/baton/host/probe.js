'use strict';
// Finds the handler that a function exports, if it exports one; load.js says by which rules.

const timers = require('node:timers');

/** Thrown by process.exit while a file is evaluated to see what it exports. */
const EXIT = new Error('process.exit');

/** The handler among what a module exports, or undefined. */
function handlerOf(exported) {
  const value = exported?.default ?? exported;
  if (typeof value === 'function') {
    return value;
  }
  return typeof value?.fetch === 'function' ? (request) => value.fetch(request) : undefined;
}

/**
 * @param source compiled code
 * @param hold begins to keep back what the code prints, and returns a function that ends that and, when its
 *     argument is true, passes on what was kept
 * @returns the handler, or undefined when it is a script
 * @throws whatever an ES module with a default export throws when it is evaluated
 */
async function findHandler(source, hold) {
  if (source.isModule) {
    const module = await source.link();
    if (!('default' in module.namespace)) {
      return undefined;
    }
    await Promise.race([module.evaluate(), stalled()]);
    const handler = handlerOf(module.namespace);
    if (handler === undefined) {
      throw new TypeError('the default export is neither a function nor an object with a `fetch` function');
    }
    return handler;
  }
  return source.mentionsExports ? probe(source, hold) : undefined;
}

/** Fails when nothing is left to do although something is still awaited. */
function stalled() {
  return new Promise((_, reject) => {
    process.once('beforeExit', () => reject(new Error('a top-level await is never settled')));
  });
}

/** Evaluates a CommonJS file that may be a handler; one that is not leaves no output and no timers. */
function probe(source, hold) {
  const release = hold();
  const { exit } = process;
  const made = [];
  const globals = ['setTimeout', 'setInterval', 'setImmediate'].map((name) => [name, globalThis[name]]);
  for (const [name, original] of globals) {
    const remembered = (...args) => {
      const timer = original(...args);
      made.push(timer);
      return timer;
    };
    globalThis[name] = Object.defineProperties(remembered, Object.getOwnPropertyDescriptors(original));
  }
  process.exit = () => {
    throw EXIT;
  };
  let handler;
  try {
    handler = handlerOf(source.evaluate(false));
  } catch {
    handler = undefined; // as a script it fails again in the first request, and is reported there
  }
  process.exit = exit;
  for (const [name, original] of globals) {
    globalThis[name] = original;
  }
  release(handler !== undefined);
  if (handler === undefined) {
    made.forEach(stopTimer);
  }
  return handler;
}

/** Stops what setTimeout, setInterval or setImmediate returned. */
function stopTimer(timer) {
  timers.clearTimeout(timer);
  timers.clearImmediate(timer);
}

module.exports = { findHandler, stopTimer };
