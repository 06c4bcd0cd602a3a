package baton.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Rows of text in aligned columns, two spaces apart. A column of numbers is aligned to the right.
public final class Table {
    private static final String GAP = "  ";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(List<String> headings) {
        this.headings = List.copyOf(headings);
    }

    public void add(List<String> row) {
        rows.add(row.stream().map(cell -> cell.replaceAll("[\n\t]", " ")).toList());
    }

    public void print(PrintStream to) {
        printRow(to, headings);
        rows.forEach(row -> printRow(to, row));
    }

    private void printRow(PrintStream to, List<String> row) {
        StringBuilder line = new StringBuilder();
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
        return !rows.isEmpty()
                && rows.stream().map(row -> row.get(column)).allMatch(cell -> cell.matches("-|[0-9][0-9.,]*"));
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
