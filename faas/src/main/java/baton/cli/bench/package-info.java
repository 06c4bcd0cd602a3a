/// The load injector: many connections on few threads, their latencies, and what went wrong by kind.
@NullMarked
package baton.cli.bench;

import org.jspecify.annotations.NullMarked;
