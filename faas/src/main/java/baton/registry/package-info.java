/// The durable record of functions, versions and routes: SQLite rows and the files beside them.
@NullMarked
package baton.registry;

import org.jspecify.annotations.NullMarked;
