package dev.slipway.cli;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        header = "Print a completion script.",
        description = "Completes verbs, options and the names of models in bash and zsh.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(slipway completion)"})
final class CompletionCommand implements Callable<Integer> {

    private static final String MODELS = """

            # Behind a verb that takes a model: the names that the server has.
            function _complete_slipway_models() {
              local word="${COMP_WORDS[COMP_CWORD]}"
              case "${word}:${COMP_WORDS[COMP_CWORD-1]}" in
                -*) _complete_slipway ;;
                VERBS)
                  type compopt &>/dev/null && compopt +o default
                  COMPREPLY=( $(compgen -W "$("${COMP_WORDS[0]}" models --quiet 2>/dev/null)" -- "${word}") ) ;;
                *) _complete_slipway ;;
              esac
            }
            complete -F _complete_slipway_models -o default slipway slipway.sh slipway.bash
            """;

    private final GlobalOptions options;

    CompletionCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        CommandLine program = Main.commandLine(options.environment());
        options.environment().out().print(AutoComplete.bash("slipway", program) + models(program));
        options.environment().out().flush();
        return 0;
    }

    /** Behind a verb that takes a model, what the server has; nothing where none answers. */
    private static String models(CommandLine program) {
        String verbs = program.getSubcommands().values().stream()
                .filter(verb -> verb.getCommandSpec().positionalParameters().stream()
                        .anyMatch(one -> one.paramLabel().startsWith("MODEL") && !one.isMultiValue()))
                .map(verb -> "*:" + verb.getCommandName())
                .collect(Collectors.joining("|"));
        return MODELS.replace("VERBS", verbs);
    }
}
