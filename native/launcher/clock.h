/* Milliseconds on a clock that stands still for nobody. */
#ifndef LAUNCHER_CLOCK_H
#define LAUNCHER_CLOCK_H

long long now_ms(void);
void sleep_ms(long milliseconds);

#endif
