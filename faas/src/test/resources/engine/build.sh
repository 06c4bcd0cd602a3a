#!/bin/sh
# Makes the modules of the engine's tests from their sources: clang 14 with wasi-libc
# (Debian: clang lld wasi-libc libclang-rt-14-dev-wasm32).
set -eu
cd "$(dirname "$0")"
for name in hello acts; do
  clang --target=wasm32-wasi -O2 -Wno-infinite-recursion -Wl,-s -Wl,--stack-first -Wl,-z,stack-size=65536 \
    -o "$name.wasm" "$name.c"
done
