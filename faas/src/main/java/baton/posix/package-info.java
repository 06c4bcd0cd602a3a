/// Linux system calls by the Foreign Function and Memory API. Every descriptor has one owner; errno is
/// captured for each call. Only this package and the engine binding touch native code.
@NullMarked
package baton.posix;

import org.jspecify.annotations.NullMarked;
