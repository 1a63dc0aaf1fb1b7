/* SPDX-License-Identifier: ISC */
/* banned - calls that have no safe use here; force-included into every file. */
#ifndef BANNED_H
#define BANNED_H

/* The system's own headers first: they may use or declare these names. */
#include <alloca.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GANTRY_BANNED(f) sorry_##f##_is_banned

#undef strcpy
#define strcpy(d, s) GANTRY_BANNED(strcpy)
#undef strcat
#define strcat(d, s) GANTRY_BANNED(strcat)
#undef strncpy
#define strncpy(d, s, n) GANTRY_BANNED(strncpy)
#undef strncat
#define strncat(d, s, n) GANTRY_BANNED(strncat)
#undef sprintf
#define sprintf(...) GANTRY_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) GANTRY_BANNED(vsprintf)
#undef gets
#define gets(s) GANTRY_BANNED(gets)
#undef strtok
#define strtok(s, d) GANTRY_BANNED(strtok)
#undef atoi
#define atoi(s) GANTRY_BANNED(atoi)
#undef gmtime
#define gmtime(t) GANTRY_BANNED(gmtime)
#undef localtime
#define localtime(t) GANTRY_BANNED(localtime)
#undef asctime
#define asctime(t) GANTRY_BANNED(asctime)
#undef alloca
#define alloca(n) GANTRY_BANNED(alloca)
#undef signal
#define signal(n, h) GANTRY_BANNED(signal)

#endif
