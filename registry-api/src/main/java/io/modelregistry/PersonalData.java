package io.modelregistry;

import io.modelregistry.TextValidator.Kind;
import io.modelregistry.TextValidator.Objection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises personal data by its form. It catches what slips in by habit; what has no form, such as a name or a date of birth, it can't see.
 */
public final class PersonalData {
    private static final Pattern EMAIL =
            Pattern.compile("(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\\.){1,8}[A-Za-z]{2,24}");
    /** {@code +}, a country's digits, and more in groups; RFC 3966's separators without the full stop, which numbers have. */
    private static final Pattern INTERNATIONAL_PHONE =
            Pattern.compile("(?<![\\w+.])(?:\\+|00)[1-9](?:[ ()/-]{0,2}[0-9]){7,14}(?![0-9.])");
    /** North America's plan: three, three and four digits, none of the threes with 0 or 1 first. */
    private static final Pattern NATIONAL_PHONE = Pattern.compile(
            "(?<![\\w.-])(?:\\([2-9][0-9]{2}\\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}(?![\\w.-])");
    /** Numbers that the Social Security Administration issues: none of the groups all zeros, not 666 or 900 to 999. */
    private static final Pattern SOCIAL_SECURITY =
            Pattern.compile("(?<![\\w-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\\w-])");

    private static final Pattern DIGITS = Pattern.compile("(?<![\\w.])[2-6](?:[ -]?[0-9]){12,18}(?![\\w.])");
    /** The first digits that card schemes issue, with their lengths. */
    private static final Pattern CARD = Pattern.compile(
            "4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|(?:5[1-5]|2[2-7])[0-9]{14}|3[47][0-9]{13}|6[0-9]{15,18}|35[0-9]{14}");

    private PersonalData() {}

    /**
     * Objects to e-mail addresses, telephone numbers in international and North American form, US social security numbers, and payment
     * card numbers whose check digit fits. {@code git@host}, the usual user of repositories, is none.
     */
    public static TextValidator likely() {
        return PersonalData::check;
    }

    private static Optional<Objection> check(Kind kind, String text) {
        Matcher email = EMAIL.matcher(text);
        while (email.find()) {
            if (kind != Kind.CODE || !email.group().startsWith("git@")) {
                return objection(email, "an e-mail address");
            }
        }
        Matcher security = SOCIAL_SECURITY.matcher(text);
        if (security.find()) {
            return objection(security, "a social security number");
        }
        Matcher digits = DIGITS.matcher(text);
        while (digits.find()) {
            String number = digits.group().replace(" ", "").replace("-", "");
            if (CARD.matcher(number).matches() && hasCheckDigit(number)) {
                return objection(digits, "a payment card number");
            }
        }
        for (Pattern phone : new Pattern[] {INTERNATIONAL_PHONE, NATIONAL_PHONE}) {
            Matcher number = phone.matcher(text);
            if (number.find()) {
                return objection(number, "a telephone number");
            }
        }
        return Optional.empty();
    }

    private static Optional<Objection> objection(Matcher found, String what) {
        return Optional.of(new Objection(found.start() + 1, what));
    }

    /** ISO/IEC 7812-1, annex B: the Luhn formula. */
    private static boolean hasCheckDigit(String number) {
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : 2 * digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
