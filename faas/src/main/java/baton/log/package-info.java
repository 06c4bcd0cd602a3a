/// The structured log of all processes: one event a line, as JSON in the file and as text on the terminal.
@NullMarked
package baton.log;

import org.jspecify.annotations.NullMarked;
