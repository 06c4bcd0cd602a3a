/// The durable record of functions, versions and routes: SQLite rows and the files beside them. What was
/// committed is on disk when the call returns.
///
/// Threads: any; calls block, one after the other. [baton.registry.RegistryWatch] has a thread of its own.
/// Imports: `function`, `log`, the SQLite driver, gson.
@NullMarked
package baton.registry;

import org.jspecify.annotations.NullMarked;
