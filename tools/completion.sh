#!/bin/sh
# SPDX-License-Identifier: ISC
# completion - completion for a shell, made from the program's own lists:
#	completion.sh GANTRY bash|zsh >FILE
set -eu
gantry=$1 shell=$2

commands() { "$gantry" --list-commands | awk '{ print $1 }'; }
lists() { printf -- '--list-%s ' probes reports facts care commands options flags; }
care() { "$gantry" --list-care | awk '{ print $1 }'; }
# The flags, their names joined by a blank: those that take a FILE ..., or with
# a second word those of that command.
flags() {
	"$gantry" --list-flags | awk -F '\t' -v want="$1" -v of="${2-}" '
	$3 == want || (of != "" && index("," $5 ",", "," of ",")) {
		printf "%s ", $2
		if ($1 != "-")
			printf "%s ", $1
	}'
}
words() { tr '\n' ' ' | sed 's/ *$//'; }
either() { flags "$1" | sed 's/ *$//; s/ /|/g'; }

bash_completion() {
	cat <<END
# gantry's completion for bash; made by tools/completion.sh from its lists.
_gantry() {
	local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	if [ "\$COMP_CWORD" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(commands | words) help --help --version $(lists)" -- "\$word")
		return
	fi
	case \$before in
	--care) mapfile -t COMPREPLY < <(compgen -W "$(care | words)" -- "\$word"); return ;;
	$(either DIR)) mapfile -t COMPREPLY < <(compgen -d -- "\$word"); return ;;
	$(either FILE)|-oX) mapfile -t COMPREPLY < <(compgen -f -- "\$word"); return ;;
	-i|--interface) mapfile -t COMPREPLY < <(compgen -W "\$(ls /sys/class/net 2>/dev/null)" -- "\$word"); return ;;
	show) mapfile -t COMPREPLY < <(compgen -W "\$("\${COMP_WORDS[0]}" fingerprints list 2>/dev/null | awk '{ print \$1 }')" -- "\$word"); return ;;
	help) mapfile -t COMPREPLY < <(compgen -W "$(commands | words)" -- "\$word"); return ;;
	esac
	case \$word in
	-*)
		local flags=
		case \${COMP_WORDS[1]} in
$(for command in $(commands); do
	printf '\t\t%s) flags="%s" ;;\n' "$command" "$(flags "" "$command" | words)"
done)
		esac
		mapfile -t COMPREPLY < <(compgen -W "\$flags --help" -- "\$word")
		return
		;;
	esac
	if [ "\${COMP_WORDS[1]}" = fingerprints ]; then
		mapfile -t COMPREPLY < <(compgen -W "list show explain lint test" -- "\$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "\$word")
	fi
}
complete -o filenames -F _gantry gantry
END
}

# [--name]:... as _arguments wants it; colons and brackets would mean something.
zsh_flags() { # zsh_flags COMMAND
	"$gantry" --list-flags | awk -F '\t' -v of="$1" '
	function clean(s) {
		gsub(/[\[\]:`$"\\]/, " ", s)
		gsub(/\047/, "\047\\\047\047", s)
		return s
	}
	index("," $5 ",", "," of ",") {
		action = ""
		if ($3 == "FILE")
			action = ":file:_files"
		else if ($3 == "DIR")
			action = ":directory:_files -/"
		else if ($2 == "--care")
			action = ":level:(" care ")"
		else if ($3 != "-")
			action = ":" $3 ": "
		printf "\t\t\047*%s[%s]%s\047 \\\n", $2, clean($4), action
		if ($1 != "-")
			printf "\t\t\047*%s[%s]%s\047 \\\n", $1, clean($4), action
	}' care="$(care | words)"
}

zsh_completion() {
	cat <<END
#compdef gantry
# gantry's completion for zsh; made by tools/completion.sh from its lists.
_gantry() {
	local -a commands
	commands=(
$("$gantry" --list-commands |
	sed -E "s/'/'\\\\''/g; s/^ *([^ ]+) +(.*)$/\t\t'\1:\2'/")
	)
	if (( CURRENT == 2 )); then
		_describe command commands
		_values list $(lists)help --help --version
		return
	fi
	case \$words[2] in
	help) _describe command commands; return ;;
	fingerprints)
		if [[ \$words[CURRENT-1] == show ]]; then
			_values fingerprint \${(f)"\$(\$words[1] fingerprints list 2>/dev/null | awk '{ print \$1 }')"}
			return
		fi
		(( CURRENT == 3 )) && _values what list show explain lint test
		;;
	esac
	case \$words[2] in
$(for command in $(commands); do
	printf '\t%s)\n\t\t_arguments \\\n' "$command"
	zsh_flags "$command"
	printf "\t\t'*:target or file:_files'\n\t\t;;\n"
done)
	esac
}
_gantry "\$@"
END
}

case $shell in
bash) bash_completion ;;
zsh) zsh_completion ;;
*) echo "completion: bash or zsh" >&2 && exit 2 ;;
esac
