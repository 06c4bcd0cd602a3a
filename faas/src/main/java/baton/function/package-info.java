/// The domain: functions, their versions, limits, routes and the codes of what can go wrong. Pure values;
/// imports nothing but the JDK.
@NullMarked
package baton.function;

import org.jspecify.annotations.NullMarked;
