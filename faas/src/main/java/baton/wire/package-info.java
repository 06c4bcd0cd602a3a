/// The versioned protocol between the gateway and its workers.
@NullMarked
package baton.wire;

import org.jspecify.annotations.NullMarked;
