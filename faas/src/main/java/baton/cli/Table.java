package baton.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Rows of text in aligned columns, two spaces apart. A column of numbers, with or without a unit, is
/// aligned to the right.
public final class Table {
    private static final String GAP = "  ";
    private static final String NUMBER = "-|[0-9][0-9.,]*( [KMG]?i?B| µ?m?s)?";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(List<String> headings) {
        this.headings = List.copyOf(headings);
    }

    public void add(List<String> row) {
        rows.add(row.stream().map(cell -> cell.replaceAll("[\n\t]", " ")).toList());
    }

    public void print(PrintStream to) {
        print(to, "");
    }

    /// @param indent what each line begins with
    void print(PrintStream to, String indent) {
        printRow(to, indent, headings);
        rows.forEach(row -> printRow(to, indent, row));
    }

    private void printRow(PrintStream to, String indent, List<String> row) {
        StringBuilder line = new StringBuilder(indent);
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            String filling = " ".repeat(width(column) - length(cell));
            line.append(isNumeric(column) ? filling + cell : cell + filling).append(GAP);
        }
        to.println(line.toString().stripTrailing());
    }

    private int width(int column) {
        return Math.max(
                length(headings.get(column)),
                rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0));
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty() && rows.stream().map(row -> row.get(column)).allMatch(cell -> cell.matches(NUMBER));
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
