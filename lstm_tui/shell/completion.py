"""Completions for bash, zsh and fish: commands, options, the words that an option may be, files, and saved runs.

They are static, so that a key answers at once: only the names of runs are looked up, by the shell itself.
"""

from lstm_tui.options.option import Option
from lstm_tui.options.parser import COMMANDS
from lstm_tui.options.table import of_command
from lstm_tui.shell.words import MODELS, flags_of, kind_of_value, words_of

LINES = "compopt -o filenames; local IFS=$'\\n'; "  # a name may have blanks in it
GENERAL = {"--help": "show this and end", "--version": "show the version"}


def completion(shell: str) -> str:
    """The script for a shell: "bash", "zsh" or "fish"."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell]()


def _bash() -> str:
    lines = [
        "# bash completion for lstm-tui: source it, or keep it as ~/.local/share/bash-completion/completions/lstm-tui",
        "_lstm_tui_runs() {",
        "    local run IFS=$' \\n'",
        '    for run in "${LSTM_TUI_SAVES:-saves}"/*/; do',
        '        [[ -d $run && $run == "$1"* ]] && printf "%s\\n" "${run%/}"',
        "    done",
        f'    compgen -W "{" ".join(MODELS)}" -- "$1"',
        """    compgen -f -X '!*.safetensors' -- "$1\"""",
        '    [[ $1 ]] && compgen -d -- "$1"',
        "}",
        "_lstm_tui() {",
        '    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command="" options=""',
        "    COMPREPLY=()",
        f"    case ${{COMP_WORDS[1]}} in {'|'.join(COMMANDS)}) command=${{COMP_WORDS[1]}};; esac",
        '    case "$command" in',
    ]
    for command in ("", *COMMANDS):
        flags = [flag for option in of_command(command) for flag in flags_of(option)]
        lines.append(f'        "{command}") options="{" ".join([*flags, *GENERAL])}";;')
    lines += ["    esac", '    case "$command $prev" in']
    for command in ("", *COMMANDS):
        lines += [
            f'        "{command} {flag}") {_bash_values(option)}; return;;'
            for option in of_command(command)
            for flag in flags_of(option)
            if kind_of_value(option)
        ]
    names = " ".join(COMMANDS)
    lines += [
        "    esac",
        "    if [[ $cur == -* ]]; then",
        '        COMPREPLY=($(compgen -W "$options" -- "$cur"))',
        "    elif [[ $COMP_CWORD == 1 ]]; then",
        f'        COMPREPLY=($(compgen -W "{names}" -- "$cur"))',
    ]
    for command in COMMANDS:
        for option in of_command(command):
            if option.takes == "argument":
                lines += [f"    elif [[ $command == {command} ]]; then", f"        {_bash_values(option)}"]
    return "\n".join([*lines, "    fi", "}", "complete -F _lstm_tui lstm-tui", ""])


def _bash_values(option: Option) -> str:
    match kind_of_value(option):
        case "run":
            return f'{LINES}COMPREPLY=($(_lstm_tui_runs "$cur"))'
        case "words":
            return f'COMPREPLY=($(compgen -W "{" ".join(words_of(option))}" -- "$cur"))'
        case "file":
            return f'{LINES}COMPREPLY=($(compgen -f -- "$cur"))'
        case "folder":
            return f'{LINES}COMPREPLY=($(compgen -d -- "$cur"))'
    return ":"


def _zsh() -> str:
    lines = [
        "#compdef lstm-tui",
        "# zsh completion for lstm-tui: keep it as _lstm-tui in a folder of $fpath",
        "_lstm_tui_runs() {",
        "    local -a runs",
        "    runs=(${LSTM_TUI_SAVES:-saves}/*(N/))",
        f"    compadd -f -- $runs {' '.join(MODELS)}",
        "    _files -g '*.safetensors'",
        "}",
        "_lstm_tui() {",
        "    local -a commands",
        "    commands=(",
        *(f"        {_quoted(f'{name}:{what}')}" for name, what in COMMANDS.items()),
        "    )",
        "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then",
        "        _describe command commands",
        "        return",
        "    fi",
        "    case $words[2] in",
    ]
    for command in (*COMMANDS, ""):
        shift = "shift words; (( CURRENT-- )); " if command else ""
        lines.append(f"        {command or '*'}) {shift}_arguments -S \\")
        for option in of_command(command):
            lines += [f"            {each} \\" for each in _zsh_options(option)]
        lines += ["            '--help[show this and end]' '--version[show the version]';;"]
    return "\n".join([*lines, "    esac", "}", '_lstm_tui "$@"', ""])


def _zsh_options(option: Option) -> list[str]:
    actions = {"run": "_lstm_tui_runs", "file": "_files", "folder": "_files -/", "value": " "}
    actions["words"] = f"({' '.join(words_of(option))})"
    action = actions.get(kind_of_value(option), "")
    if option.takes == "argument":
        return [_quoted(f"1:{option.metavar}:{action}")]
    told = option.help.replace("[", "(").replace("]", ")").replace(":", r"\:")
    value = f":{(option.metavar or '').replace(':', '')}:{action}" if action else ""
    return [_quoted(f"{flag}[{told}]{value}") for flag in flags_of(option)]


def _fish() -> str:
    names = " ".join(COMMANDS)
    lines = [
        "# fish completion for lstm-tui: keep it as ~/.config/fish/completions/lstm-tui.fish",
        "function __lstm_tui_runs",
        "    set -l saves saves",
        '    test -n "$LSTM_TUI_SAVES"; and set saves $LSTM_TUI_SAVES',
        "    for run in $saves/*/",
        "        string trim --right --chars=/ -- $run",
        "    end",
        f"    printf '%s\\n' {' '.join(MODELS)}",
        "    __fish_complete_suffix .safetensors",
        "end",
        "complete -c lstm-tui -f",
    ]
    lines += [
        f"complete -c lstm-tui -n __fish_use_subcommand -a {name} -d {_quoted(what)}" for name, what in COMMANDS.items()
    ]
    for command in ("", *COMMANDS):
        seen = f"__fish_seen_subcommand_from {command or names}"
        when = seen if command else f"not {seen}"
        lines += [each for option in of_command(command) for each in _fish_options(option, f"-n {_quoted(when)}")]
    lines += [f"complete -c lstm-tui -l {flag[2:]} -d {_quoted(what)}" for flag, what in GENERAL.items()]
    return "\n".join([*lines, ""])


def _fish_options(option: Option, when: str) -> list[str]:
    values = {"run": " -a '(__lstm_tui_runs)'", "file": " -F", "folder": " -a '(__fish_complete_directories)'",
              "words": f" -a {_quoted(' '.join(words_of(option)))}"}.get(kind_of_value(option), "")  # fmt: skip
    if option.takes == "argument":
        return [f"complete -c lstm-tui {when}{values}"]
    needs = " -r" if kind_of_value(option) else ""
    return [f"complete -c lstm-tui {when} -l {flag[2:]}{needs}{values} -d {_quoted(option.help)}"
            for flag in flags_of(option)]  # fmt: skip


def _quoted(text: str) -> str:
    """In single quotes, as all three shells read it."""
    return "'" + text.replace("'", "'\\''") + "'"
