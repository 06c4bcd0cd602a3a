/// The domain: functions, their versions, limits, routes and the codes of what can go wrong.
///
/// Threads: pure, immutable values; any. Imports: nothing but the JDK.
@NullMarked
package baton.function;

import org.jspecify.annotations.NullMarked;
