------------------------------- MODULE Label -------------------------------
(* Registrations that all ask for the same label. The version is appended     *)
(* first and carries the label; then the label's only entry is created, which *)
(* decides whose the label is. An append to the versions is one step here;    *)
(* RegLog shows that it may be taken so.                                      *)
EXTENDS Naturals, Sequences, FiniteSets, TLC
CONSTANTS Clients,
          MaxCrashes,   \* crashes in all; whoever crashed repeats its registration, with its request id
          PutIfAbsent, VersionFirst, RepeatClaims   \* TRUE; each FALSE is a mutant
VARIABLES versions,   \* number -> the client whose registration it is
          label,      \* the number that the label's entry names; 0 while there is none
          late,       \* creates of crashed clients that may still arrive
          client,     \* where each client stands; number: of its version, as far as it knows; told: how its call ended
          crashes
vars == <<versions, label, late, client, crashes>>

Init == /\ versions = <<>> /\ label = 0 /\ late = {} /\ crashes = 0
        /\ client = [c \in Clients |-> [pc |-> "idle", number |-> 0, told |-> "nothing"]]
At(c, s) == client[c].pc = s
Number(c) == client[c].number
Go(c, s) == client' = [client EXCEPT ![c].pc = s]
Tell(c, t) == client' = [client EXCEPT ![c].pc = "done", ![c].told = t]
Following == Len(versions) + 1
\* The stream's recent requests tell whether this registration has been carried out, and where.
Earlier(c) == {n \in 1..Len(versions) : versions[n] = c}
Know(c, s) == client' = [client EXCEPT ![c].pc = s, ![c].number = CHOOSE n \in Earlier(c) : TRUE]

Register(c) == /\ (At(c, "idle") \/ At(c, "dead"))
               /\ IF Earlier(c) = {} THEN Go(c, "check")
                  ELSE IF RepeatClaims THEN Know(c, "look")
                  ELSE client' = [client EXCEPT ![c] = [pc |-> "done", number |-> CHOOSE n \in Earlier(c) : TRUE, told |-> "registered"]]
               /\ UNCHANGED <<versions, label, late, crashes>>
CheckFree(c) == /\ At(c, "check")                     \* taken: refused before anything is uploaded
                /\ IF label # 0 THEN Tell(c, "refused")
                   ELSE IF VersionFirst THEN Go(c, "append")
                   ELSE client' = [client EXCEPT ![c].pc = "look", ![c].number = Following]
                /\ UNCHANGED <<versions, label, late, crashes>>
AppendVersion(c) ==
              /\ At(c, "append")
              /\ IF Earlier(c) # {} THEN Know(c, "claim") /\ UNCHANGED versions
                 ELSE /\ versions' = Append(versions, c)
                      /\ IF VersionFirst THEN client' = [client EXCEPT ![c].pc = "claim", ![c].number = Following]    \* it saw that the label was free
                                         ELSE client' = [client EXCEPT ![c].pc = "done", ![c].number = Following, ![c].told = "registered"]
              /\ UNCHANGED <<label, late, crashes>>
Look(c) ==    /\ At(c, "look")
              /\ IF label = 0 THEN Go(c, "claim")
                 ELSE IF label # Number(c) THEN Tell(c, "taken")
                 ELSE IF VersionFirst \/ Earlier(c) # {} THEN Tell(c, "registered") ELSE Go(c, "append")
              /\ UNCHANGED <<versions, label, late, crashes>>
Claim(c) ==   /\ At(c, "claim")
              /\ IF PutIfAbsent /\ label # 0 THEN Go(c, "look") /\ UNCHANGED label
                 ELSE /\ label' = Number(c)
                      /\ IF VersionFirst THEN Tell(c, "registered") ELSE Go(c, "append")
              /\ UNCHANGED <<versions, late, crashes>>
\* A crash, or an outcome that stayed unknown: the create under way may still arrive.
Die(c) ==     /\ client[c].pc \notin {"idle", "done", "dead"} /\ Go(c, "dead")
              /\ crashes < MaxCrashes /\ crashes' = crashes + 1
              /\ late' = CASE At(c, "append") /\ Earlier(c) = {} -> late \union {[what |-> "version", by |-> c, at |-> Following]}
                           [] At(c, "claim") -> late \union {[what |-> "label", by |-> c, at |-> Number(c)]}
                           [] OTHER -> late
              /\ UNCHANGED <<versions, label>>
Arrive(l) ==  /\ l \in late /\ late' = late \ {l}
              /\ IF l.what = "version"
                 THEN /\ versions' = IF Following = l.at THEN Append(versions, l.by) ELSE versions
                      /\ UNCHANGED label
                 ELSE /\ label' = IF PutIfAbsent /\ label # 0 THEN label ELSE l.at
                      /\ UNCHANGED versions
              /\ UNCHANGED <<client, crashes>>
Step(c) == Register(c) \/ CheckFree(c) \/ AppendVersion(c) \/ Look(c) \/ Claim(c)
Next == \/ \E c \in Clients : Register(c) \/ CheckFree(c) \/ AppendVersion(c) \/ Look(c) \/ Claim(c) \/ Die(c)
        \/ \E l \in late : Arrive(l)
Spec == Init /\ [][Next]_vars /\ \A c \in Clients : WF_vars(Step(c))

OneVersionEach == \A m, n \in 1..Len(versions) : versions[m] = versions[n] => m = n
LabelNamesAVersion == label # 0 => label <= Len(versions)
RegisteredHasItsLabel == \A c \in Clients : client[c].told = "registered" => (label # 0 /\ label = Number(c) /\ versions[label] = c)
TakenIsAnothers == \A c \in Clients : client[c].told \in {"taken", "refused"} => (label # 0 /\ versions[label] # c)
LabelIsFinal == [][label # 0 => label' = label]_vars
\* A claim that a crash cut short is finished by the repetition.
AllAreTold == <>(\A c \in Clients : At(c, "done"))
SomebodyHasIt == (\A c \in Clients : At(c, "done")) => \E c \in Clients : client[c].told = "registered"
=============================================================================
