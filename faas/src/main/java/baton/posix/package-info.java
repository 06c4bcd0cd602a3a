/// Linux system calls by the Foreign Function and Memory API: sockets with descriptors in messages, epoll,
/// and child processes. Every descriptor has one owner; errno is captured for each call. Numbers and
/// layouts are those of x86-64.
///
/// Threads: a [baton.posix.Syscalls] and its buffers belong to one thread. Imports: nothing but the JDK.
/// Only this package and the engine's binding call native code.
@NullMarked
package baton.posix;

import org.jspecify.annotations.NullMarked;
