/// The structured log of all processes: one event a line, as JSON in the file and as text on the terminal;
/// and what functions write to stderr, a file for each. Lines of other processes come as datagrams.
///
/// Threads: any; a line is written by the thread that logs it. Imports: nothing but the JDK.
@NullMarked
package baton.log;

import org.jspecify.annotations.NullMarked;
