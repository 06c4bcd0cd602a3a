/// The versioned protocol between the gateway and its workers: frames over a socket pair
/// ([baton.wire.Protocol]) and datagrams ([baton.wire.Telemetry]). Both ends start from the same jar, so a
/// frame of another version ends the link.
///
/// Threads: values and codecs without state, but [baton.wire.TableChange.Receiver], which belongs to one
/// thread. Imports: `function`.
@NullMarked
package baton.wire;

import org.jspecify.annotations.NullMarked;
