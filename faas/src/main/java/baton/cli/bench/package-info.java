/// The load injector: many connections on few threads, their latencies, and what went wrong by kind.
///
/// Threads: each loop has its own connections and tally, which are summed up at the end. Imports: `cli`,
/// `config`, picocli, gson, HdrHistogram.
@NullMarked
package baton.cli.bench;

import org.jspecify.annotations.NullMarked;
