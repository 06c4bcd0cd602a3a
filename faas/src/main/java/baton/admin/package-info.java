/// The control plane: deploy, invoke, describe, remove, metrics; it never stands in the way of an
/// invocation. It reaches the data plane only through [baton.admin.DataPlane].
///
/// Threads: one for each connection, in blocking style; [baton.admin.Deployments] says how deploys exclude
/// each other. Imports: `build`, `function`, `http`, `log`, `metrics`, `posix`, `registry`, gson.
@NullMarked
package baton.admin;

import org.jspecify.annotations.NullMarked;
