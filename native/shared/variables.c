#include "variables.h"

#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A star at the end stands for any ending. Asked for every variable of a call: the first letter decides most
 * of them. */
bool is_in(const char *const *patterns, size_t count, const char *variable) {
    for (size_t i = 0; i < count; i++) {
        const char *pattern = patterns[i], *at = variable;
        if (*pattern != *at) continue;
        while (*pattern && *pattern != '*' && *pattern == *at) {
            pattern++;
            at++;
        }
        if (*pattern == '*' || (!*pattern && (!*at || *at == '='))) return true;
    }
    return false;
}

bool is_our_variable(const char *variable) {
    static const char *const names[] = {"PREFORK_INTERP", "LD_PRELOAD"};
    return is_in(names, COUNT(names), variable);
}

/*
 * docs/variables.md has the reason of each row. Not here, although they are new for each commit, shell or
 * login: what leads to something that is acted on (a repository, an index, a socket, a terminal, a pane). A
 * copy of such a variable that a child gets from a server of another session would do harm.
 */
enum weight weight_of(const char *variable) {
    static const char *const none[] = {
        /* shells */
        "_", "SHLVL", "PWD", "OLDPWD", "HISTCMD", "BASHPID", "STARSHIP_SESSION_KEY", "ATUIN_SESSION",
        "ATUIN_HISTORY_ID", "SHELL_SESSION_ID",
        /* windows */
        "WINDOWPATH", "KITTY_PID", "ALACRITTY_LOG", "GNOME_TERMINAL_SCREEN", "GNOME_TERMINAL_SERVICE",
        "TILIX_ID", "TERMINATOR_UUID", "SECURITYSESSIONID", "XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID",
        /* logins and units */
        "MAIL", "XDG_SESSION_ID", "MANAGERPID*", "SYSTEMD_EXEC_PID",
        /* a merge: the names themselves are new */
        "GITHEAD_*",
        /* ours */
        "PREFORK_INTERP*"};
    static const char *const name[] = {
        "TERM_SESSION_ID", "ITERM_SESSION_ID", "WT_SESSION",     "SSH_CLIENT",
        "SSH_CONNECTION",  "INVOCATION_ID",    "JOURNAL_STREAM", "CLAUDE_CODE_SESSION_ID",
        "CODEX_THREAD_ID", "CURSOR_TRACE_ID",  "VSCODE_PID"};
    if (is_in(none, COUNT(none), variable)) return WEIGHT_NONE;
    return is_in(name, COUNT(name), variable) ? WEIGHT_NAME : WEIGHT_VALUE;
}

bool is_fixed(const char *variable) {
    static const char *const names[] = {"NO_COLOR", "FORCE_COLOR", "CLICOLOR",   "CLICOLOR_FORCE",
                                        "TERM",     "COLORTERM",   "CI",         "DEBUG",
                                        "NODE_*",   "UV_*",        "SSL_CERT_*", "OPENSSL_*"};
    return is_in(names, COUNT(names), variable) || is_unseen(variable);
}

bool is_unseen(const char *variable) {
    static const char *const names[] = {"LANG", "LANGUAGE", "LC_*", "LD_*", "MALLOC_*", "GLIBC_*"};
    return is_in(names, COUNT(names), variable);
}
