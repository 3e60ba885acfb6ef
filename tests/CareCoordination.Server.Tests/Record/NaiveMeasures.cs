namespace CareCoordination.Server.Tests.Record;

/// <summary>
/// Counts all measures in a period from the record, one resource after the other, by the words of docs/measures.md and of what it cites.
/// </summary>
internal sealed class NaiveMeasures(NaiveChart chart)
{
    private readonly NaiveEnrolments _enrolments = new(chart);

    public IReadOnlyList<NaiveMeasure> In(NaivePeriod period) =>
        [
            .. new NaiveStays(chart, period).All(),
            .. new NaiveTransitions(chart, period).All(),
            .. new NaiveLoops(chart, period).All(),
            .. new NaivePlans(chart, _enrolments, period).All(),
            .. new NaiveWork(chart, _enrolments, period).All(),
            .. new NaiveSocial(chart, _enrolments, period).All(),
            .. new NaiveChronic(chart, period).All(),
            .. new NaiveMonths(chart, _enrolments, period).All(),
            .. new NaiveUse(chart, _enrolments, period).All(),
        ];
}
