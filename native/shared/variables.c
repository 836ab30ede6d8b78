#include "variables.h"

#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A star at the end stands for any ending. Asked for every variable of a call: the first letter decides most
 * of them. */
static bool is_in(const char *const *patterns, size_t count, const char *variable) {
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

bool is_ours(const char *variable) {
    static const char *const names[] = {"PREFORK_INTERP", "LD_PRELOAD"};
    return is_in(names, COUNT(names), variable);
}

bool is_volatile(const char *variable) {
    static const char *const names[] = {
        /* shells */
        "_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "HISTCMD", "BASHPID",
        /* terminals and their multiplexers */
        "WINDOWID", "WINDOWPATH", "WINDOW", "STY", "TMUX", "TMUX_PANE", "ZELLIJ*", "TERM_SESSION_ID",
        "ITERM_SESSION_ID", "WT_SESSION", "KITTY_*", "ALACRITTY_*", "WEZTERM_*", "KONSOLE_*", "GHOSTTY_*",
        "GNOME_TERMINAL_*", "PTYXIS_*", "TILIX_ID", "TERMINATOR_*", "VTE_VERSION", "SHELL_SESSION_ID",
        "SECURITYSESSIONID", "GPG_TTY", "GPG_AGENT_INFO", "VSCODE_*",
        /* logins, sessions and units */
        "SSH_*", "XDG_SESSION_ID", "XDG_SEAT*", "XDG_VTNR", "XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID",
        "DBUS_*", "SESSION_MANAGER", "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_*", "MANAGERPID*", "MAIL",
        "KRB5CCNAME",
        /* ours */
        "PREFORK_INTERP*"};
    return is_in(names, COUNT(names), variable);
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
