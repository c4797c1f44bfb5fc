------------------------------- MODULE Retire -------------------------------
(* Promotion against retirement. They write different streams, so no single   *)
(* create decides between them: each writes first and then reads what the     *)
(* other writes. An append is one step here: EventLog decides on the newest   *)
(* entry, and RegLog shows that nothing comes in between.                     *)
EXTENDS Naturals, FiniteSets, TLC
CONSTANTS Promoters, Retirers, Envs, Versions, None,
          MaxCalls,     \* calls of each retirer; a call after a crash is its repetition
          MaxRepeats,   \* repetitions of each promotion after a crash, with its request id
          MaxCrashes,   \* crashes in all
          LookAfter, LookMustSucceed, MarkFirst, LookIsForMark, RepeatLooks   \* TRUE; each FALSE is a mutant
VARIABLES env,      \* environment -> its newest entry; settled: its writer let it stand, and has said so or is about to
          before,   \* environment -> the version that the entry before the newest serves
          review,   \* version -> state and number of its newest review
          late,     \* creates of crashed clients that may still arrive
          prom,     \* promoter -> where it stands; landed: the entry of its request, as the stream's recent requests tell
          ret,      \* retirer -> where it stands; mark: the entry that says RETIRING
          died      \* the crashes so far
vars == <<env, before, review, late, prom, ret, died>>

NoPromotion == [env |-> None, version |-> None, instead |-> None, at |-> 0, landed |-> 0]
NoRetirement == [version |-> None, mark |-> 0, todo |-> {}, found |-> FALSE]
Init == /\ env = [e \in Envs |-> [seq |-> 0, version |-> None, settled |-> TRUE]] /\ before = [e \in Envs |-> None]
        /\ review = [v \in Versions |-> [seq |-> 0, state |-> "live"]] /\ late = {} /\ died = [promoters |-> 0, retirers |-> 0]
        /\ prom = [p \in Promoters |-> [pc |-> "idle", repeats |-> 0, op |-> NoPromotion]]
        /\ ret = [r \in Retirers |-> [pc |-> "idle", calls |-> 0, op |-> NoRetirement]]

Live(v) == review[v].state = "live"
MayDie == died.promoters + died.retirers < MaxCrashes
Judge(v, s) == review' = [review EXCEPT ![v] = [seq |-> @.seq + 1, state |-> s]]
Free(e, at) == env[e].seq + 1 = at
Enter(e, v, settled) == /\ env' = [env EXCEPT ![e] = [seq |-> @.seq + 1, version |-> v, settled |-> settled]]
                        /\ before' = [before EXCEPT ![e] = env[e].version]
Settle(e, at) == env' = IF env[e].seq = at THEN [env EXCEPT ![e].settled = TRUE] ELSE env

\* ---- a promotion
At(p, s) == prom[p].pc = s
Op(p) == prom[p].op
Go(p, s, op) == prom' = [prom EXCEPT ![p].pc = s, ![p].op = op]
Done(p) == Go(p, "done", NoPromotion)
Ask(p) ==     /\ At(p, "idle")                        \* the newest entry is the one it expects
              /\ \E e \in Envs, v \in Versions : Go(p, "check", [NoPromotion EXCEPT !.env = e, !.version = v, !.at = env[e].seq + 1])
              /\ UNCHANGED <<env, before, review, late, ret, died>>
Check(p) ==   /\ At(p, "check")
              /\ IF Live(Op(p).version) THEN Go(p, "promote", Op(p)) ELSE Done(p)
              /\ UNCHANGED <<env, before, review, late, ret, died>>
Promote(p) == /\ At(p, "promote")
              /\ IF Op(p).landed # 0                  \* an earlier try arrived after all: go on from there
                 THEN Go(p, "look", [Op(p) EXCEPT !.at = Op(p).landed]) /\ UNCHANGED <<env, before>>
                 ELSE IF Free(Op(p).env, Op(p).at)
                 THEN /\ Enter(Op(p).env, Op(p).version, ~LookAfter)
                      /\ IF LookAfter THEN Go(p, "look", [Op(p) EXCEPT !.landed = Op(p).at]) ELSE Done(p)
                 ELSE Done(p) /\ UNCHANGED <<env, before>>
              /\ UNCHANGED <<review, late, ret, died>>
\* One that fails ends in an unknown outcome, as if the promoter had died.
Look(p) ==    /\ At(p, "look")
              /\ IF Live(Op(p).version) \/ ~LookMustSucceed THEN Settle(Op(p).env, Op(p).at) /\ Done(p)
                                                              ELSE Go(p, "pick", Op(p)) /\ UNCHANGED env
              /\ UNCHANGED <<before, review, late, ret, died>>
Pick(p) ==    /\ At(p, "pick")                        \* what was served before, if it may be served still
              /\ LET was == before[Op(p).env] IN
                 Go(p, "withdraw", [Op(p) EXCEPT !.instead = IF was # None /\ Live(was) THEN was ELSE None])
              /\ UNCHANGED <<env, before, review, late, ret, died>>
Withdraw(p) == /\ At(p, "withdraw")
               /\ IF Free(Op(p).env, Op(p).at + 1)
                  THEN /\ Enter(Op(p).env, Op(p).instead, Op(p).instead = None)
                       /\ IF Op(p).instead = None THEN Done(p) ELSE Go(p, "lookagain", [Op(p) EXCEPT !.at = @ + 1])
                  ELSE Done(p) /\ UNCHANGED <<env, before>>
               /\ UNCHANGED <<review, late, ret, died>>
LookAgain(p) == /\ At(p, "lookagain")
                /\ IF Live(Op(p).instead) THEN Settle(Op(p).env, Op(p).at) /\ Done(p)
                                          ELSE Go(p, "clear", Op(p)) /\ UNCHANGED env
                /\ UNCHANGED <<before, review, late, ret, died>>
Clear(p) ==   /\ At(p, "clear") /\ Done(p)
              /\ IF Free(Op(p).env, Op(p).at + 1) THEN Enter(Op(p).env, None, TRUE) ELSE UNCHANGED <<env, before>>
              /\ UNCHANGED <<review, late, ret, died>>
\* A crash, or an outcome that stayed unknown: the create under way may still arrive.
Sent(p) == CASE At(p, "promote")  -> {[by |-> p, stream |-> Op(p).env, at |-> Op(p).at, what |-> Op(p).version]}
             [] At(p, "withdraw") -> {[by |-> None, stream |-> Op(p).env, at |-> Op(p).at + 1, what |-> Op(p).instead]}
             [] At(p, "clear")    -> {[by |-> None, stream |-> Op(p).env, at |-> Op(p).at + 1, what |-> None]}
             [] OTHER -> {}
PromoterDies(p) == /\ prom[p].pc \notin {"idle", "done", "dead"} /\ Go(p, "dead", Op(p))
                   /\ MayDie /\ died' = [died EXCEPT !.promoters = @ + 1]
                   /\ late' = late \union Sent(p) /\ UNCHANGED <<env, before, review, ret>>
Repeat(p) ==  /\ At(p, "dead") /\ prom[p].repeats < MaxRepeats
              /\ LET again == [prom EXCEPT ![p].repeats = @ + 1]
                     e == Op(p).env
                     landed == Op(p).landed IN
                 IF landed = 0
                 THEN prom' = [again EXCEPT ![p].pc = "check", ![p].op.at = env[e].seq + 1] /\ UNCHANGED env
                 ELSE IF RepeatLooks /\ env[e].seq = landed
                 THEN prom' = [again EXCEPT ![p].pc = "look", ![p].op.at = landed] /\ UNCHANGED env
                 ELSE prom' = [again EXCEPT ![p].pc = "done", ![p].op = NoPromotion] /\ Settle(e, landed)   \* told: it stands
              /\ UNCHANGED <<before, review, late, ret, died>>

\* ---- a retirement
On(r, s) == ret[r].pc = s
Its(r) == ret[r].op
To(r, s, op) == ret' = [ret EXCEPT ![r].pc = s, ![r].op = op]
Return(r) == To(r, "idle", NoRetirement)
Begin(r) ==   /\ On(r, "idle") /\ ret[r].calls < MaxCalls
              /\ \E v \in Versions :
                 LET op == [NoRetirement EXCEPT !.version = v, !.todo = Envs, !.mark = review[v].seq]
                     s == IF review[v].state = "retired" THEN "idle"
                          ELSE IF review[v].state = "retiring" \/ ~MarkFirst THEN "scan" ELSE "mark" IN
                 ret' = [ret EXCEPT ![r] = [pc |-> s, calls |-> @.calls + 1, op |-> IF s = "idle" THEN NoRetirement ELSE op]]
              /\ UNCHANGED <<env, before, review, late, prom, died>>
Mark(r) ==    /\ On(r, "mark")
              /\ IF Live(Its(r).version)
                 THEN Judge(Its(r).version, "retiring") /\ To(r, "scan", [Its(r) EXCEPT !.mark = review[Its(r).version].seq + 1])
                 ELSE Return(r) /\ UNCHANGED review
              /\ UNCHANGED <<env, before, late, prom, died>>
Scan(r) ==    /\ On(r, "scan")
              /\ \E e \in Its(r).todo :
                 To(r, IF Its(r).todo = {e} THEN "decide" ELSE "scan",
                       [Its(r) EXCEPT !.todo = @ \ {e}, !.found = @ \/ env[e].version = Its(r).version])
              /\ UNCHANGED <<env, before, review, late, prom, died>>
May(r) ==     /\ review[Its(r).version].state = (IF MarkFirst THEN "retiring" ELSE "live")
              /\ LookIsForMark => review[Its(r).version].seq = Its(r).mark
Finish(r) ==  /\ On(r, "decide") /\ ~Its(r).found /\ Return(r)
              /\ IF May(r) THEN Judge(Its(r).version, "retired") ELSE UNCHANGED review
              /\ UNCHANGED <<env, before, late, prom, died>>
Abandon(r) == /\ On(r, "decide") /\ Its(r).found /\ Return(r)
              /\ IF May(r) /\ MarkFirst THEN Judge(Its(r).version, "live") ELSE UNCHANGED review
              /\ UNCHANGED <<env, before, late, prom, died>>
\* It had decided on the newest entry when it sent what may still arrive.
Underway(r) == LET v == Its(r).version IN
               CASE On(r, "mark") /\ Live(v)  -> {[by |-> None, stream |-> v, at |-> review[v].seq + 1, what |-> "retiring"]}
                 [] On(r, "decide") /\ May(r) -> {[by |-> None, stream |-> v, at |-> review[v].seq + 1,
                                                   what |-> IF Its(r).found THEN "live" ELSE "retired"]}
                 [] OTHER -> {}
RetirerDies(r) == /\ ~On(r, "idle") /\ Return(r)
                  /\ MayDie /\ died' = [died EXCEPT !.retirers = @ + 1]
                  /\ \/ late' = late
                     \/ late' = late \union Underway(r)
                  /\ UNCHANGED <<env, before, review, prom>>

Arrive(l) == /\ l \in late /\ late' = late \ {l}
             /\ IF l.stream \in Envs
                THEN /\ UNCHANGED review
                     /\ IF Free(l.stream, l.at)
                        THEN /\ Enter(l.stream, l.what, l.what = None)
                             /\ prom' = IF l.by # None /\ ~At(l.by, "done") THEN [prom EXCEPT ![l.by].op.landed = l.at] ELSE prom
                        ELSE UNCHANGED <<env, before, prom>>
                ELSE /\ UNCHANGED <<env, before, prom>>
                     /\ IF review[l.stream].seq + 1 = l.at THEN Judge(l.stream, l.what) ELSE UNCHANGED review
             /\ UNCHANGED <<ret, died>>

Next == \/ \E p \in Promoters : \/ Ask(p) \/ Check(p) \/ Promote(p) \/ Look(p) \/ Pick(p) \/ Withdraw(p) \/ LookAgain(p) \/ Clear(p)
                                \/ PromoterDies(p) \/ Repeat(p)
        \/ \E r \in Retirers : Begin(r) \/ Mark(r) \/ Scan(r) \/ Finish(r) \/ Abandon(r) \/ RetirerDies(r)
        \/ \E l \in late : Arrive(l)
Spec == Init /\ [][Next]_vars

IsRetired(v) == v # None /\ review[v].state = "retired"
Quiet == late = {} /\ (\A p \in Promoters : prom[p].pc \in {"idle", "done", "dead"}) /\ (\A r \in Retirers : On(r, "idle"))
\* Nobody is told that a version is served while it is retired, and nobody that it is retired while one who was told so serves it.
NoneRetiredWhereToldServed == \A e \in Envs : env[e].settled => ~IsRetired(env[e].version)
\* What verify reports, and the repetition of the promotion mends, is a crash's.
OnlyACrashLeavesOneServed == (Quiet /\ died.promoters = 0) => \A e \in Envs : ~IsRetired(env[e].version)
\* What the next retirement carries on is a crash's.
OnlyACrashLeavesOneRetiring == (Quiet /\ died.retirers = 0) => \A v \in Versions : review[v].state # "retiring"
RetiredIsFinal == [][\A v \in Versions : review[v].state = "retired" => review'[v] = review[v]]_vars
Sym == Permutations(Promoters) \union Permutations(Retirers) \union Permutations(Envs) \union Permutations(Versions)
=============================================================================
