package baton.log;

import java.util.Locale;

/// Every event that the log knows, a noun each. Scripts match these names, so they are not changed lightly.
public enum LogEvent {
    PLATFORM_STARTED,
    PLATFORM_STOPPING,
    PLATFORM_STOPPED,
    WORKER_STARTED,
    WORKER_READY,
    WORKER_EXITED,
    WORKER_OUTPUT,
    WORKER_UNRESPONSIVE,
    CONNECTION_REFUSED,
    HANDOFF_FAILED,
    FUNCTION_DEPLOYED,
    FUNCTION_REMOVED,
    FUNCTION_FAILED,
    MODULE_LOADED,
    MODULE_REJECTED,
    MODULE_RECOMPILED,
    BUILD_STARTED,
    BUILD_FINISHED,
    BUILD_FAILED,
    BUILDER_EXITED,
    TOOLCHAIN_PREPARING,
    TOOLCHAIN_READY,
    TOOLCHAIN_FAILED,
    ENGINE_FALLBACK,
    HOST_STARTED,
    HOST_EXITED,
    REGISTRY_OPENED,
    REGISTRY_ROW_INVALID,
    REGISTRY_ORPHAN_REMOVED,
    ROUTES_CHANGED,
    START_CACHE_READY,
    START_CACHE_FAILED,
    ADMIN_REQUEST_REFUSED,
    LOG_LINES_DROPPED,
    INTERNAL_ERROR;

    /// The name in the log: `worker_started`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
