'use strict';
// Headers of the Fetch API: a list of names and values in turn, which frames are read into and written from.

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

const originals = new Map(['Headers', 'Request', 'Response', 'fetch'].map(
  (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));

/** Node's own global of that name. It is loaded only when wanted: that takes milliseconds. */
function native(name) {
  const descriptor = originals.get(name);
  return descriptor.get ? descriptor.get.call(globalThis) : descriptor.value;
}

/** Whether a value is of the given class or of node's own class of that name. */
function isInstance(type, name, value) {
  return typeof value === 'object' && value !== null
    && (Object.prototype.isPrototypeOf.call(type.prototype, value) || value instanceof native(name));
}

function fieldName(name) {
  const text = String(name);
  if (!TOKEN.test(text)) {
    throw new TypeError(`invalid header name ${JSON.stringify(text)}`);
  }
  return text.toLowerCase();
}

function fieldValue(value, name) {
  const text = String(value).trim();
  if (BAD_VALUE.test(text)) {
    throw new TypeError(`invalid value of header ${name}`);
  }
  return text;
}

let listOf; // Headers → its names and values in turn
let headersOf; // list → Headers

class Headers {
  #list;

  static {
    listOf = (headers) => headers.#list;
    headersOf = (list) => {
      const headers = new Headers();
      headers.#list = list;
      return headers;
    };
  }

  static [Symbol.hasInstance](value) {
    return isInstance(Headers, 'Headers', value);
  }

  constructor(init) {
    this.#list = [];
    if (init === undefined || init === null) {
      return;
    }
    if (typeof init !== 'object') {
      throw new TypeError('Headers: expected an object or a list of pairs');
    }
    if (#list in init) {
      this.#list = [...init.#list];
    } else if (typeof init[Symbol.iterator] === 'function') {
      for (const pair of init) {
        const [name, value, more] = pair;
        if (value === undefined || more !== undefined) {
          throw new TypeError('Headers: each item must be a pair of name and value');
        }
        this.append(name, value);
      }
    } else {
      for (const name of Object.keys(init)) {
        this.append(name, init[name]);
      }
    }
  }

  append(name, value) {
    const key = fieldName(name);
    this.#list.push(key, fieldValue(value, key));
  }

  delete(name) {
    const key = fieldName(name);
    const kept = [];
    for (let i = 0; i < this.#list.length; i += 2) {
      if (this.#list[i] !== key) {
        kept.push(this.#list[i], this.#list[i + 1]);
      }
    }
    this.#list = kept;
  }

  get(name) {
    const key = fieldName(name);
    let found = null;
    for (let i = 0; i < this.#list.length; i += 2) {
      if (this.#list[i] === key) {
        found = found === null ? this.#list[i + 1] : `${found}, ${this.#list[i + 1]}`;
      }
    }
    return found;
  }

  getSetCookie() {
    return this.#list.filter((_, i) => i % 2 === 1 && this.#list[i - 1] === 'set-cookie');
  }

  has(name) {
    return this.get(name) !== null;
  }

  set(name, value) {
    const key = fieldName(name);
    const text = fieldValue(value, key);
    const at = this.#list.indexOf(key);
    if (at >= 0 && at % 2 === 0 && this.#list.indexOf(key, at + 1) < 0) {
      this.#list[at + 1] = text;
      return;
    }
    this.delete(key);
    this.#list.push(key, text);
  }

  forEach(callback, thisArg) {
    for (const [name, value] of this) {
      callback.call(thisArg, value, name, this);
    }
  }

  /** Sorted by name, values joined, except that every Set-Cookie stands alone (Fetch, "sort and combine"). */
  * entries() {
    for (const name of [...new Set(this.#list.filter((_, i) => i % 2 === 0))].sort()) {
      if (name === 'set-cookie') {
        for (const value of this.getSetCookie()) {
          yield [name, value];
        }
      } else {
        yield [name, this.get(name)];
      }
    }
  }

  * keys() {
    for (const [name] of this) {
      yield name;
    }
  }

  * values() {
    for (const [, value] of this) {
      yield value;
    }
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return 'Headers';
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    return `Headers ${inspect(Object.fromEntries(this), options)}`;
  }
}

module.exports = { Headers, headersOf, listOf, isInstance, native };
