package baton;

/// Entry point of every process: the command line, the platform, its workers and its builder are subcommands of
/// one program, so that their versions cannot disagree.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(2);
    }
}
