/// The control plane: deploy, invoke, describe, remove, metrics; it never stands in the way of an invocation.
@NullMarked
package baton.admin;

import org.jspecify.annotations.NullMarked;
