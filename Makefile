# SPDX-License-Identifier: ISC
# Everything is found by name: a new .c file needs no line here.
# CFLAGS, LDFLAGS belong to whoever runs make; FLAGS is ours and always applies.
VERSION := $(shell cat VERSION)
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
CFLAGS  ?= -O2 -g
B       ?= build

FLAGS   := -std=c11 -D_GNU_SOURCE -I. -include scanner/banned.h \
           -DGANTRY_VERSION='"$(VERSION)"' -MMD -MP \
           -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
           -Wstrict-prototypes -Wmissing-prototypes -Wundef \
           -Wwrite-strings -Wvla $(WERROR)
HARDEN  := -fPIE -fstack-protector-strong $(FORTIFY) \
           -Wl,-z,relro,-z,now -pie
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
PKGS    := libpcap libmnl libevent_core libcyaml jansson yajl libxml-2.0 \
           libpcre2-8 libcap-ng libssl libcrypto \
           libsystemd sqlite3
# libxml2 and friends are asked once, and only when something is built.
LIBS    = $(shell pkg-config --libs $(PKGS)) -lnet -lcsv -lm
INCS    = $(shell pkg-config --cflags libxml-2.0)

MAIN    := scanner/main.c
SRC     := $(filter-out $(MAIN),$(wildcard scanner/*.c scanner/*/*.c probes/*.c \
           fingerprints/*.c reports/*.c))
OBJ     := $(SRC:%.c=$(B)/%.o)
WARD    := $(patsubst %.c,$(B)/%.o,$(wildcard t/ward/*.c))
UNIT    := $(patsubst t/%.c,$(B)/t/%,$(filter-out t/unit.c,$(wildcard t/*.c)))

all: $(B)/gantry

$(B)/gantry: $(B)/scanner/main.o $(B)/libgantry.a
	$(CC) $(FLAGS) $(HARDEN) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS)

$(B)/libgantry.a: $(OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(B)/gantry-ward: $(WARD)
	$(CC) $(FLAGS) $(HARDEN) $(CFLAGS) -o $@ $^ $(LDFLAGS) \
	    $(shell pkg-config --libs libcyaml yaml-0.1 jansson libevent_core) -lm

$(B)/t/%: $(B)/t/%.o $(B)/t/unit.o $(B)/libgantry.a
	$(CC) $(FLAGS) $(HARDEN) $(CFLAGS) -o $@ $^ $(LDFLAGS) \
	    $(LIBS) $(shell pkg-config --libs check)

$(B)/reports/%.o: FLAGS += $(INCS) -I$(B)/reports
$(B)/reports/html_style.o: $(B)/reports/html_embed.h
$(B)/reports/html_embed.h: tools/embed.sh reports/html.css reports/html.js
	@mkdir -p $(@D)
	tools/embed.sh style reports/html.css script reports/html.js >$@.new && mv $@.new $@
$(B)/%.o: %.c VERSION Makefile
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(filter-out -Wl% -pie,$(HARDEN)) $(CFLAGS) -c -o $@ $<

# For scripts that link the library themselves.
print-libs:
	@echo $(LIBS)

ward: $(B)/gantry-ward
unit: $(UNIT)
.PHONY: all print-libs ward unit
.SECONDARY:

include t/check.mk
-include $(SRC:%.c=$(B)/%.d) $(MAIN:%.c=$(B)/%.d) $(WARD:%.o=%.d) $(UNIT:%=%.d)
