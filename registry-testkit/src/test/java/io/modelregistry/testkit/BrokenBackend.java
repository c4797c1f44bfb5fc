package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import java.util.function.BiFunction;

/** Mistakes that backends make, most of them seen in the wild, and the test of the contract that is there to find each. */
enum BrokenBackend {
    CHECKS_THEN_PUTS("exactlyOneOfManyCreatesWinsEachOf200Rounds", BrokenWrites::checksThenPuts),
    LOCKS_ITS_OWN_CLIENT_ONLY(
            "exactlyOneOfManyCreatesThroughTwoClientsWinsEachOf200Rounds", BrokenWrites::locksItsOwnClientOnly),
    OVERWRITES("createNeverOverwrites", BrokenWrites::overwrites),
    OVERWRITES_AND_SAYS_EXISTS("createNeverOverwrites", BrokenWrites::overwritesAndSaysExists),
    REPEATS_CREATES("exactlyOneOfManyCreatesWinsEachOf200Rounds", BrokenWrites::repeatsCreates),
    CREATES_IN_PLACE("noReaderSeesPartOfACreateOrSeesItVanishAgain", BrokenWrites::createsInPlace),
    OVERWRITES_IN_PLACE("noReaderSeesAMixtureOfTwoContents", BrokenWrites::overwritesInPlace),
    LOWERS_THE_CASE_OF_KEYS(
            "aKeyOutsideTheGrammarIsRefusedByEveryOperationThatTakesOne", BrokenWrites::lowersTheCaseOfKeys),
    DELETES_ANY_GENERATION("aDeleteOfAFormerGenerationDoesNothing", BrokenWrites::deletesAnyGeneration),
    CHECKS_THEN_DELETES("aDeleteNeverHitsWhatIsWrittenAgainAtTheSameTime", BrokenWrites::checksThenDeletes),
    SWALLOWS_INTERRUPTS(
            "aCallOnAnInterruptedThreadSucceedsOrFailsByTheRulesAndKeepsTheFlag", BrokenWrites::swallowsInterrupts),
    IS_SURE_OF_AN_INTERRUPTED_WRITE(
            "aCallOnAnInterruptedThreadSucceedsOrFailsByTheRulesAndKeepsTheFlag",
            BrokenWrites::isSureOfAnInterruptedWrite),
    DIES_OF_AN_INTERRUPT("anInterruptDuringACallDisturbsNoOtherThread", BrokenWrites::diesOfAnInterrupt),

    UPLOADS_WHAT_WAS_ANNOUNCED("aSourceThatFailsIsHeardAndLeavesNothing", BrokenUploads::uploadsWhatWasAnnounced),
    KEEPS_WHAT_HAD_ARRIVED("aSourceThatFailsIsHeardAndLeavesNothing", BrokenUploads::keepsWhatHadArrived),
    EXPLAINS_THE_SOURCE("aSourceThatFailsIsHeardAndLeavesNothing", BrokenUploads::explainsTheSource),
    LEAKS_THE_SOURCE("theSourceIsReadOnceAndClosed", BrokenUploads::leaksTheSource),
    BELIEVES_A_SHORT_SOURCE("aSourceThatEndsTooEarlyLeavesNothing", BrokenUploads::believesAShortSource),
    UPLOADS_IN_PLACE("nobodySeesAnUploadThatIsUnderWay", BrokenUploads::uploadsInPlace),
    READS_BEFORE_IT_LOOKS("aStandingBlobIsToldWithoutReadingTheSource", BrokenUploads::readsBeforeItLooks),
    UPLOADS_ON_ANOTHER_THREAD("aSourceIsReadOnTheCallingThread", BrokenUploads::uploadsOnAnotherThread),

    IGNORES_THE_LIMIT("getCutsAtTheLimitAndTellsTheWholeSize", BrokenReads::ignoresTheLimit),
    FORGETS_THE_WHOLE_SIZE("getCutsAtTheLimitAndTellsTheWholeSize", BrokenReads::forgetsTheWholeSize),
    CACHES_WHAT_IT_GOT("aReaderSeesWhatWasAcknowledgedBeforeOrSomethingLater", BrokenReads::cachesWhatItGot),
    CACHES_WHAT_IS_MISSING("noReaderSeesPartOfACreateOrSeesItVanishAgain", BrokenReads::cachesWhatIsMissing),
    TELLS_THE_TIME_OF_THE_READ("storeTimesOfCreatesOneAfterAnotherNeverGoBack", BrokenReads::tellsTheTimeOfTheRead),
    TELLS_THE_TIME_OF_THE_MACHINE(
            "storeTimeIsOfTheClockThatStoredAtIsTakenFrom", BrokenReads::tellsTheTimeOfTheMachine),
    EXTRAPOLATES_FOR_EVER("storeTimeIsNotExtrapolatedForEver", BrokenReads::extrapolatesForEver),
    LEAVES_A_RANGE_TO_THE_HOST(
            "aBlobComesAndGoesWhateverTheThreadsOfTheHostDoWithItsPieces", BrokenReads::leavesARangeToTheHost),
    FAILS_BEYOND_THE_END("readGivesTheBytesOfTheRangeThatThereAre", BrokenReads::failsBeyondTheEnd),
    OVERFLOWS("readGivesTheBytesOfTheRangeThatThereAre", BrokenReads::overflows),
    READS_NOTHING_OF_WHAT_IS_MISSING("aMissingObjectIsMissing", BrokenReads::readsNothingOfWhatIsMissing),
    WORKS_WHEN_CLOSED("aClosedBackendRefusesEveryOperation", BrokenReads::worksWhenClosed),

    ORDERS_FOLDERS_BY_NAME("foldersAreOrderedWithTheirSlash", BrokenLists::ordersFoldersByName),
    ORDERS_BY_FOLDER("keysThatBranchAtEveryCharacterAreInKeyOrder", BrokenLists::ordersByFolder),
    BEGINS_WITH_START_AFTER("aListingBeginsStrictlyAfterAnyEntry", BrokenLists::beginsWithStartAfter),
    REPEATS_THE_FOLDER_IT_IS_IN("aListingMayBeginAfterAnythingElse", BrokenLists::repeatsTheFolderItIsIn),
    STOPS_AT_A_FULL_PAGE("pagesOfEverySizeGiveTheSame", BrokenLists::stopsAtAFullPage),
    LISTS_A_MOMENT_AGO("everythingAcknowledgedBeforeIsListedWhileOthersCreate", BrokenLists::listsAMomentAgo),
    LISTS_EMPTY_FOLDERS("deletedObjectsAndTheFoldersTheyLeaveEmptyAreNotListed", BrokenLists::listsEmptyFolders),
    LISTS_ITS_TEMPORARY_FILES("anUploadUnderWayIsNotListed", BrokenLists::listsItsTemporaryFiles),
    TAKES_ANY_PREFIX("aPrefixThatDoesNotEndInASlashIsRefused", BrokenLists::takesAnyPrefix);

    private final String foundBy;

    @SuppressWarnings("ImmutableEnumChecker") // only method references
    private final BiFunction<MemoryStore, Host, StorageBackend> opening;

    BrokenBackend(String foundBy, BiFunction<MemoryStore, Host, StorageBackend> opening) {
        this.foundBy = foundBy;
        this.opening = opening;
    }

    String foundBy() {
        return foundBy;
    }

    StorageBackend open(MemoryStore store, Host host) {
        return opening.apply(store, host);
    }
}
