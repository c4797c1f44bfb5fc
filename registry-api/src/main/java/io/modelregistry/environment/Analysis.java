package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;

/**
 * What a statistical test says of two arms.
 *
 * @param test its name, such as {@code two-proportion z-test}
 * @param control id of the arm it is compared with
 * @param treatment id of the other
 * @param effect the treatment's outcome minus the control's
 * @param low lower end of the confidence interval of the effect
 * @param high upper end
 * @param confidence level of the interval, such as 0.95
 * @param pValue two-sided
 */
public record Analysis(
        String test,
        String control,
        String treatment,
        double effect,
        double low,
        double high,
        double confidence,
        double pValue) {
    public Analysis {
        Texts.line("name of a test", test, 64);
        boolean isResult = low <= effect
                && effect <= high
                && Double.isFinite(low)
                && Double.isFinite(high)
                && confidence > 0
                && confidence < 1
                && pValue >= 0
                && pValue <= 1;
        if (!isResult) {
            throw new InvalidRequestException("Not the result of a test: effect " + effect + " in [" + low + ", " + high
                    + "] at " + confidence + ", p = " + pValue);
        }
    }
}
