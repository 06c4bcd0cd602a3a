'use strict';
// Reads a function's file and finds out what it is. V8 decides, not a guess about the text:
//
//  1. It compiles as the body of a CommonJS module. If it never mentions `exports`, it is a script and is not
//     evaluated before a request comes. Otherwise it is evaluated once, with its output held back: when
//     `module.exports` (or its `default` or `fetch`) is a function, that is the handler; when not, or when the
//     evaluation fails or exits, it is a script.
//  2. Otherwise it is an ES module. After linking it is known whether it exports `default`, without
//     evaluating it: with it, it is a handler; without, a script.
//
// ES modules are made with vm.SourceTextModule (node --experimental-vm-modules), since the file is called code.js
// whatever it holds, and since a script needs a fresh module for each run, which `import()` cannot give.

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const Module = require('node:module');
const { pathToFileURL } = require('node:url');

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const MENTIONS_EXPORTS = /exports/;

/** A function's code, compiled but not evaluated. */
class Source {
  #text;
  #file;
  #url;
  #require;
  #compiled = null; // as CommonJS
  #modules = 0;
  #linked = new Map(); // specifier → module wrapped for the linker

  /** @throws SyntaxError, with the line in its stack, when it is neither CommonJS nor an ES module */
  constructor(file) {
    this.#file = path.resolve(file);
    this.#url = pathToFileURL(this.#file).href;
    this.#require = Module.createRequire(this.#file);
    // A first line for the shell is kept as a comment, so that line numbers stay.
    this.#text = fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '').replace(/^#!/, '//');
    this.#compile();
  }

  get isModule() {
    return this.#compiled === null;
  }

  get mentionsExports() {
    return MENTIONS_EXPORTS.test(this.#text);
  }

  #compile() {
    try {
      this.#compiled = vm.compileFunction(this.#text, PARAMETERS, {
        filename: this.#file,
        importModuleDynamically: (specifier) => import(this.#resolve(specifier)),
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) {
        throw error;
      }
      try {
        this.#newModule();
      } catch (second) {
        // The parser that got further knows more.
        throw isAboutModules(error) ? second : error;
      }
    }
  }

  #newModule() {
    if (vm.SourceTextModule === undefined) {
      throw new Error('this function is no CommonJS module; for an ES module node must be started with '
        + '--experimental-vm-modules');
    }
    return new vm.SourceTextModule(this.#text, {
      // A name of its own for each: node takes ever longer to make modules of the same name.
      identifier: `${this.#url}?run=${this.#modules++}`,
      importModuleDynamically: (specifier) => import(this.#resolve(specifier)),
      initializeImportMeta: (meta) => {
        meta.url = this.#url;
        meta.filename = this.#file;
        meta.dirname = path.dirname(this.#file);
      },
    });
  }

  /** Evaluates it as CommonJS in a fresh scope and returns what `module.exports` is then. */
  evaluate(asMain) {
    const module = { exports: {}, id: '.', filename: this.#file, path: path.dirname(this.#file), children: [] };
    const require = (specifier) => this.#require(specifier);
    Object.assign(require, { resolve: this.#require.resolve, cache: this.#require.cache });
    require.main = asMain ? module : undefined;
    module.require = require;
    this.#compiled.call(module.exports, module.exports, require, module, this.#file, module.path);
    return module.exports;
  }

  /** A fresh, linked ES module. */
  async link() {
    const module = this.#newModule();
    await module.link((specifier) => this.#import(specifier));
    return module;
  }

  /** Modules that it imports are node's own business: loaded once, wrapped for the linker. */
  #import(specifier) {
    let wrapped = this.#linked.get(specifier);
    if (wrapped === undefined) {
      wrapped = import(this.#resolve(specifier)).then((namespace) => wrap(specifier, namespace));
      this.#linked.set(specifier, wrapped);
    }
    return wrapped;
  }

  #resolve(specifier) {
    if (Module.isBuiltin(specifier) || /^(?:file|data|node):/.test(specifier)) {
      return specifier;
    }
    if (/^\.{0,2}\//.test(specifier)) {
      return new URL(specifier, this.#url).href;
    }
    return pathToFileURL(this.#require.resolve(specifier)).href;
  }
}

function wrap(specifier, namespace) {
  const names = Object.keys(namespace);
  return new vm.SyntheticModule(names, function () {
    for (const name of names) {
      this.setExport(name, namespace[name]);
    }
  }, { identifier: specifier });
}

/** Whether CommonJS failed on what only ES modules have. */
function isAboutModules(error) {
  return /\b(?:import|export|await)\b/.test(error.message);
}

module.exports = { Source };
