# SPDX-License-Identifier: MIT
#
# `make` prints the map. Every target is one line; what they do is in tools/ws (Python) and tools/deps (bash).
STAGES := 01-tcp-echo 02-resp-parser 03-get-set 04-expiry 05-aof 06-rdb 07-pubsub 08-replication 09-shutdown 10-full-server
WS     := @tools/ws
CLANG_FORMAT = $(or $(shell command -v clang-format || command -v clang-format-16),clang-format)
MAKEFLAGS += --no-print-directory

.PHONY: map help check hint peek break debug doctor test verify bench build deps guides fuzz-diff redis-suite fmt clean handout grade $(STAGES)
.DEFAULT_GOAL := map

#: For a learner
map:         ; $(WS) map                   ## (make alone) ten stages, tasks passed, the next command to type
$(STAGES):   ; $(WS) run $@                ## 05-aof: run the finished stage on port 6380   ARGS='--port 7000'
start-%:     ; $(WS) start $*              ## start-05: put stage 05's tasks into my tree, work/
check:       ; $(WS) check                 ## check the stage I am in   T=05.3 one task, T=05.e2 an exercise, V=1 the bytes, SEED=n
check-%:     ; $(WS) check $*              ## check-05: any stage; SERVER='./mine --port {port}' any program
hint:        ; $(WS) hint                  ## the next hint for the task I am in   T=05.3
peek:        ; $(WS) peek                  ## the reference of a task: T=05.3 (asks first; opens by itself once green)
break:       ; $(WS) break                 ## run the reference with the bug of T=05.3, and watch it fail
diff-%:      ; $(WS) diff $*               ## diff-05: what stage 05 adds to stage 04, code only
bench-%:     ; $(WS) bench $*              ## bench-05: this stage's speed beside stage 04 and real Redis
debug:       ; $(WS) debug                 ## replay the failing check against a server in a debugger
doctor:      ; $(WS) doctor                ## compiler, redis-cli, limits, port: one line each, with the fix
bench:       ; $(WS) bench                 ## the capstone: full server against Redis   QUICK=1   CLASSIC=1
test:        ; $(WS) test                  ## everything, proven

#: For an author
deps:        ; @tools/deps                 ## install what is missing (apt, dnf, brew; tools/deps --vcpkg)
build:       ; $(WS) build                 ## everything in release form, in build/bin
verify:      ; @tools/deps --quiet verify && tools/verify $(if $(STAGE),--stage $(STAGE))   ## the slow proofs   STAGE=NN for one stage
fuzz-diff:   ; $(WS) fuzz-diff             ## the same random commands to Redis and to ours   COUNT=100000   REDIS=PATH   SEED=n   FAMILIES='lists,sets'
redis-suite: ; $(WS) redis-suite           ## Redis' own tests against the full server   REDIS=checkout of redis 7.2   T='unit/type/list …'
guides:      ; $(WS) guides                ## quoted code and docs/differences.md brought up to date from the sources
fmt:         ; @git ls-files -z '*.h' '*.cpp' | xargs -0 $(CLANG_FORMAT) -i   ## clang-format over all C++
clean:       ; @rm -rf build               ## take build/ away; work/ stays

#: For an instructor
demo-%:      ; $(WS) demo $*               ## demo-05: ten minutes in front of a class; demo-replication: a cable is cut and mended; demo-blocking: who waits and hangs up
handout:     ; $(WS) handout               ## the repository without solutions, as a tar file
grade:       ; $(WS) grade                 ## points for SUBMISSION=dir, JUnit XML and JSON

help:                                      ## this list
	@awk '/^#: / { printf "\n%s\n", substr($$0, 4) } \
	  /^[^\t#].*:.*## / { name = $$0; sub(/:.*/, "", name); text = $$0; sub(/.*## /, "", text); \
	    if (name == "$$(STAGES)") name = "NN-stage"; sub(/%/, "NN", name); printf "  make %-11s %s\n", name, text }' $(MAKEFILE_LIST)
