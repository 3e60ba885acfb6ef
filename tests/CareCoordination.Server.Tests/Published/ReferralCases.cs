using static CareCoordination.Server.Tests.Published.Told;

namespace CareCoordination.Server.Tests.Published;

/// <summary>
/// CMS50, Closing the Referral Loop: test cases of the measure, https://github.com/cqframework/ecqm-content-qicore-2024,
/// input/tests/measure/CRLReceiptofSpecialistReportFHIR (of 2025), and https://github.com/cqframework/dqm-content-cms-2025,
/// input/tests/measure/CMS50FHIRReceiptofSpecialistReport (of 2026). Age has no part in them, and a visit where a case has one in the year
/// is told as some visit of that year.
/// </summary>
internal static class ReferralCases
{
    private const string ToSpecialist = "sct 103696004";
    private const string NoVisit = "a visit is not asked for";
    private const string June = "-06-06T08:00:00.000+00:00";
    private const string AMinuteLater = "-06-06T08:01:00.000+00:00";

    public static readonly PublishedCase[] All =
    [
        new(
            "NUMERPass ConsRptLastDayOfMP",
            "3deab9f7",
            2025,
            "1/0/1",
            "1989-12-31",
            Office(2025),
            Sent("2025-05-31T08:00:00.000+00:00"),
            Report("report", "first", "2025-12-31T23:00:00.000+00:00/2025-12-31T23:59:00.000+00:00")
        ),
        new(
            "NUMERPass 2Referrals1MinApartBothClosed",
            "606267bb",
            2025,
            "1/0/1",
            "1989-12-31",
            Office(2025),
            Sent("2025" + June),
            Second("2025" + AMinuteLater),
            Report("report", "first", "2025-07-06T08:00:00.000+00:00/2025-07-06T08:10:00.000+00:00"),
            Report("other", "second", "2025-07-06T08:01:00.000+00:00/2025-07-06T08:15:00.000+00:00")
        ),
        new(
            "NUMERPass ConsReportOverlapsEndsAfterReferral",
            "408f74fc",
            2026,
            "1/0/1",
            "1989-12-31",
            Office(2026),
            Sent("2026-10-31T23:59:00Z"),
            Report(
                "report",
                "first",
                "2026-10-31T23:58:00Z/2026-11-01T00:01:00Z",
                code: "task fulfill",
                reason: "loinc 11488-4"
            )
        ),
        new(
            "NUMERFail Cons1MinBeforeReferral",
            "445106a4",
            2026,
            "1/0/0",
            "1989-12-31",
            Office(2026),
            Sent("2026-10-31T23:59:00.000+00:00"),
            Report("report", "first", "2026-10-31T23:50:00.000+00:00/2026-10-31T23:58:00.000+00:00")
        ),
        new(
            "NUMERFail ConsRptAfterMP",
            "03556842",
            2026,
            "1/0/0",
            "1989-12-31",
            Office(2026),
            Sent("2026-05-31T08:00:00.000+00:00"),
            Report("report", "first", "2027-01-01T00:00:00.000+00:00/2027-01-01T00:15:00.000+00:00")
        ),
        new(
            "NUMERFail ConsNotLinkedToReferral",
            "b1788e29",
            2026,
            "1/0/0",
            "1989-12-31",
            Office(2026),
            Sent("2026" + June),
            Report("report", null, "2026-08-09T08:00:00.000+00:00/2026-08-09T08:15:00.000+00:00")
        ),
        new(
            "NUMERFail 2Referrals1MinApart2ndClosed",
            "c1b6ce43",
            2026,
            "1/0/0",
            "1989-12-31",
            Office(2026),
            Sent("2026" + June),
            Second("2026" + AMinuteLater),
            Report("report", "second", "2026-07-06T08:01:00.000+00:00/2026-07-06T08:15:00.000+00:00", "failed")
        ),
        new(
            "NUMERFail 2ndReferralWithConsReport",
            "929d656d",
            2026,
            "1/0/0",
            "1989-12-31",
            Office(2026),
            Sent("2026-01-09T08:00:00.000+00:00"),
            Second("2026" + June),
            Report("report", "first", "2026-06-09T08:00:00.000+00:00/2026-06-09T08:15:00.000+00:00", "failed"),
            Report("other", "second", "2026-06-06T08:00:00.000+00:00/2026-06-06T08:15:00.000+00:00")
        ),
        new(
            "DENOMPass ReferralDayEndRefPeriod",
            "8e1e9821",
            2026,
            "1/0/0",
            "1989-12-31",
            Office(2026),
            Sent("2026-10-31T23:59:00.000+00:00")
        ),
        new(
            "DENOMPass DevelopmentalTestAdministration",
            "58ce6a15",
            2025,
            "1/0/0",
            "1989-12-31",
            Office(2025),
            Sent("2025-01-01T00:00:00.000+00:00", "completed")
        ),
        new(
            "IPFail ReferralIntentNotOrder",
            "0d811cb9",
            2025,
            "0/0/0",
            "1989-12-31",
            Office(2025),
            Order("first", ToSpecialist, "2025-05-27T00:01:00.000+00:00", intent: "instance-order")
        ),
        new(
            "IPFail ReferralStatusNotValid",
            "6881b30a",
            2025,
            "0/0/0",
            "1989-12-31",
            Office(2025),
            Sent("2025-10-31T08:00:00.000+00:00", "unknown")
        ),
        new(
            "IPFail ReferralAfterRefPeriodNextMP",
            "3b78668b",
            2025,
            "0/0/0",
            "1989-12-31",
            Office(2025),
            Sent("2026-01-01T00:00:00.000+00:00")
        ),
        new(
            "IPFail ReferralBeforeRefPeriod",
            "5b598d1b",
            2025,
            "0/0/0",
            "1989-12-31",
            Office(2025),
            Sent("2023-12-31T23:59:00.000+00:00")
        ),
        new(
            "IPFail EncAfterMP",
            "5140b0ba",
            2025,
            "0/0/0",
            "1989-12-31",
            Visit("office", "cpt 99385", "2026-01-01T00:00:00.000+00:00", "2026-01-01T00:15:00.000+00:00"),
            Sent("2025-08-08T08:00:00.000+00:00")
        )
        {
            Ours = "1/0/0",
            Because = NoVisit,
        },
        new(
            "IPFail EncounterInvalidType",
            "410e4dd2",
            2025,
            "0/0/0",
            "1989-12-31",
            Visit("emergency", "sct 4525004", "2025-01-01T00:00:00.000+00:00", "2025-01-01T01:15:00.000+00:00"),
            Sent("2025-10-27T08:00:00.000+00:00")
        )
        {
            Ours = "1/0/0",
            Because = NoVisit,
        },
    ];

    private static string Office(int year) =>
        Visit("office", "cpt 99385", $"{year}-01-02T08:00:00.000+00:00", $"{year}-01-02T09:15:00.000+00:00");

    private static string Sent(string authored, string status = "active") =>
        Order("first", ToSpecialist, authored, status);

    private static string Second(string authored) => Order("second", ToSpecialist, authored);
}
