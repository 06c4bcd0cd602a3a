package baton.admin;

import baton.function.Language;
import java.util.List;

/// What the platform can tell about the tools that it needs.
public interface Inspection {
    /// The tools as they are now. May run programs to find out, so it can take seconds.
    List<Tool> tools();

    /// The languages and whether functions can be deployed in them now. Answers at once.
    List<LanguageStatus> languages();

    /// One tool.
    ///
    /// @param name such as `clang` or `node`
    /// @param purpose what it is for, such as `builds c, cpp`
    /// @param state `ready`, `preparing` or `missing`
    /// @param detail its version or place, or an empty string
    /// @param cure how to get it, or an empty string when it is ready
    record Tool(String name, String purpose, String state, String detail, String cure) {}

    /// One language.
    ///
    /// @param state `ready`, `preparing` or `missing`
    /// @param detail what is under way or missing, or an empty string
    record LanguageStatus(Language language, String state, String detail) {}
}
