package dev.slipway.cli;

/** The program {@code slipway}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.out.println("slipway");
    }
}
