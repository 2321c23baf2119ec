package dev.slipway.cli;

import dev.slipway.core.NearName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in our own words, and what was probably meant. */
final class WrongUsage {

    private WrongUsage() {}

    static String of(ParameterException e) {
        CommandLine verb = e.getCommandLine();
        return switch (e) {
            case UnmatchedArgumentException unmatched ->
                unmatched(verb, unmatched.getUnmatched().getFirst());
            case MissingParameterException missing ->
                missing(missing.getMissing().getFirst());
            case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " is given twice";
            case MaxValuesExceededException _ -> String.valueOf(e.getMessage());
            case MutuallyExclusiveArgsException _ -> exclusive(verb);
            default -> value(e);
        };
    }

    private static String unmatched(CommandLine verb, String argument) {
        if (argument.startsWith("-") && argument.length() > 1) {
            int end = argument.indexOf('=');
            String option = end < 0 ? argument : argument.substring(0, end);
            String where = verb.getParent() == null ? "" : " of " + verb.getCommandName();
            return "there is no option '" + option + "'" + where
                    + near(option, verb.getCommandSpec().optionsMap().keySet()) + verbs(verb, option);
        }
        Collection<String> verbs = verb.getSubcommands().keySet();
        return verbs.isEmpty()
                ? "'" + argument + "' is one argument too many"
                : "there is no verb '" + argument + "'" + near(argument, verbs);
    }

    private static String near(String given, Collection<String> known) {
        return (given.startsWith("--") || !given.startsWith("-") ? NearName.of(given, known) : Optional.<String>empty())
                .map(name -> ", perhaps '" + name + "' is meant")
                .orElse("");
    }

    /** The verbs that have an option, for one that stands before its verb. */
    private static String verbs(CommandLine program, String option) {
        List<String> verbs = program.getSubcommands().values().stream()
                .filter(verb -> verb.getCommandSpec().optionsMap().containsKey(option))
                .map(CommandLine::getCommandName)
                .toList();
        return verbs.isEmpty() ? "" : ": it belongs behind the verb " + or(verbs);
    }

    private static String missing(ArgSpec missing) {
        return missing instanceof OptionSpec option && !option.required()
                ? name(option) + " needs a value: " + name(option) + " " + option.paramLabel()
                : described(missing) + " is missing";
    }

    private static String exclusive(CommandLine verb) {
        List<String> names = verb.getCommandSpec().argGroups().stream()
                .flatMap(group -> group.args().stream())
                .map(WrongUsage::name)
                .toList();
        return String.join(" and ", names) + " do not go together";
    }

    private static String value(ParameterException e) {
        ArgSpec argument = e.getArgSpec();
        String rule = argument == null ? null : rule(argument.type());
        return argument == null || rule == null || e.getValue() == null
                ? String.valueOf(e.getMessage())
                : name(argument) + " must be " + rule + ", '" + e.getValue() + "' given";
    }

    private static @Nullable String rule(Class<?> type) {
        if (type.isEnum()) {
            return or(Stream.of(type.getEnumConstants()).map(Object::toString).toList());
        }
        return type == boolean.class || type == Boolean.class
                ? "true or false"
                : Number.class.isAssignableFrom(type) || type == int.class || type == long.class
                        ? "a whole number"
                        : null;
    }

    private static String or(List<String> names) {
        List<String> all = new ArrayList<>(names);
        String last = all.removeLast();
        return all.isEmpty() ? last : String.join(", ", all) + " or " + last;
    }

    private static String described(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? option.longestName() + " " + option.paramLabel()
                : name(argument);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
