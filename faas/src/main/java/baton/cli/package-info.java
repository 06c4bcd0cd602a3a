/// The command line. It speaks to a running platform through the admin API only.
@NullMarked
package baton.cli;

import org.jspecify.annotations.NullMarked;
