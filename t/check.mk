# SPDX-License-Identifier: ISC
# Everything that is run rather than built.  All tests are TAP under prove;
# the slow ones stand first, so that two at a time end together.
SLOW  := t/lab/period.t t/builds.t $(filter-out t/lab/period.t,$(wildcard t/lab/*.t)) \
         $(wildcard t/browser/*.t)
TESTS := $(SLOW) $(filter-out $(SLOW),$(sort $(wildcard t/*.t))) $(UNIT)

deps:
	@tools/deps.sh build

deps-test:
	@tools/deps.sh test
	@tools/deps_browser.sh

# Dependencies first, then the rest with them in place (pkg-config is asked
# while the makefile is read).
check: deps-test
	$(MAKE) --no-print-directory -j2 all ward unit
	prove -j2 --timer --failures --comments $(TESTS)

demo: deps
	@$(MAKE) --no-print-directory -s -j2 all ward
	@t/lab/demo.sh

# The bench installs its peers itself, where it may; a peer that is not there is
# left out.  BENCH_ONLY=abc picks parts, BENCH_REPEATS=9 repeats more often.
bench: deps-test
	@$(MAKE) --no-print-directory -s all ward $(BENCH)
	t/bench/run.sh $(B)

# Who names what: gantry and nmap on the demo's ward; about a quarter of an hour.
recognition: deps-test
	@$(MAKE) --no-print-directory -s all ward
	t/bench/recognition.sh $(B)
	t/bench/recognition_servers.sh $(B)

# How right it is: gantry on every personality of the ward, with nothing lost,
# 5 % and 20 %; about four minutes.  t/lab/score.t is a sixth of that.
score: deps-test
	@$(MAKE) --no-print-directory -s all ward
	t/ward/score

BENCH := $(addprefix $(B)/t/bench/,responder bare measure pick)
$(B)/t/bench/responder: $(addprefix $(B)/t/bench/,responder.o answer.o \
    drop.o outbox.o packet.o ring.o rule.o tally.o)
$(B)/t/bench/bare: $(addprefix $(B)/t/bench/,bare.o outbox.o packet.o rule.o)
$(B)/t/bench/measure: $(B)/t/bench/measure.o
$(B)/t/bench/pick: $(B)/t/bench/pick.o
$(BENCH):
	$(CC) $(FLAGS) $(HARDEN) $(CFLAGS) -o $@ $^ $(LDFLAGS) -lpcap -ljansson -lm
unit: $(BENCH) $(B)/t/bench/history
$(B)/t/bench/history: $(B)/t/bench/history.o $(B)/libgantry.a
	$(CC) $(FLAGS) $(HARDEN) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS)
-include $(wildcard $(B)/t/bench/*.d)

# A Debian package in build/deb; check-deb installs, upgrades and purges it in a
# chroot, which it fills from Debian's mirror.
deb:
	@tools/deps.sh package
	@tools/deb.sh
check-deb: deb
	@t/deb/check.sh

fuzz: deps-test
	t/fuzz/run.sh $(SECONDS)
SECONDS ?= 60

# Where systemd and zsh look differs from system to system.
UNITDIR ?= $(PREFIX)/lib/systemd/system
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
install: all
	install -D -m 755 $(B)/gantry $(DESTDIR)$(PREFIX)/bin/gantry
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/gantry/devices \
	    fingerprints/devices/*.yaml
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/gantry \
	    $(wildcard data/*.*) $(wildcard docs/*.schema.json)
	tools/units.sh "$(DESTDIR)$(UNITDIR)" "$(DESTDIR)$(PREFIX)/lib/sysusers.d" \
	    "$(PREFIX)/bin"
	for page in $(PAGES); do \
	    install -D -m 644 -t \
		$(DESTDIR)$(PREFIX)/share/man/man$${page##*.} $(B)/$$page || \
		exit; \
	done
	install -D -m 644 $(B)/gantry.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/gantry
	install -D -m 644 $(B)/gantry.zsh \
	    $(DESTDIR)$(ZSHDIR)/_gantry

# Tables of the man pages, and completion, come from the program's own lists.
PAGES := $(patsubst docs/%.in,%,$(wildcard docs/*.[1-8].in))
$(PAGES:%=$(B)/%): $(B)/%: docs/%.in tools/man.sh $(B)/gantry
	tools/man.sh $(B)/gantry $< >$@.new && mv $@.new $@
$(B)/gantry.bash $(B)/gantry.zsh: $(B)/gantry.%: tools/completion.sh $(B)/gantry
	tools/completion.sh $(B)/gantry $* >$@.new && mv $@.new $@
all: $(PAGES:%=$(B)/%) $(B)/gantry.bash $(B)/gantry.zsh

clean:
	rm -rf $(B)

.PHONY: bench check check-deb clean deb demo deps deps-test fuzz install \
    recognition score
