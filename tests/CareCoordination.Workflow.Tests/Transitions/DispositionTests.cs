using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Tests.Transitions;

/// <summary>Where a code of a discharge disposition leads.</summary>
public sealed class DispositionTests
{
    [Theory]
    [InlineData("home", DischargeRoute.Community)]
    [InlineData("alt-home", DischargeRoute.Community)]
    [InlineData("01", DischargeRoute.Community)]
    [InlineData("1", DischargeRoute.Community)]
    [InlineData("06", DischargeRoute.Community)]
    [InlineData("6", DischargeRoute.Community)]
    [InlineData("81", DischargeRoute.Community)]
    [InlineData("86", DischargeRoute.Community)]
    [InlineData("aadvice", DischargeRoute.AgainstAdvice)]
    [InlineData("07", DischargeRoute.AgainstAdvice)]
    [InlineData("7", DischargeRoute.AgainstAdvice)]
    [InlineData("snf", DischargeRoute.Facility)]
    [InlineData("rehab", DischargeRoute.Facility)]
    [InlineData("long", DischargeRoute.Facility)]
    [InlineData("psy", DischargeRoute.Facility)]
    [InlineData("other-hcf", DischargeRoute.Facility)]
    [InlineData("02", DischargeRoute.Facility)]
    [InlineData("3", DischargeRoute.Facility)]
    [InlineData("62", DischargeRoute.Facility)]
    [InlineData("hosp", DischargeRoute.Hospice)]
    [InlineData("50", DischargeRoute.Hospice)]
    [InlineData("51", DischargeRoute.Hospice)]
    [InlineData("exp", DischargeRoute.Died)]
    [InlineData("20", DischargeRoute.Died)]
    [InlineData("40", DischargeRoute.Died)]
    [InlineData("30", DischargeRoute.StillPatient)]
    public void A_known_code_leads_somewhere(string code, DischargeRoute route) =>
        Assert.Equal(route, Dispositions.RouteOf(code));

    [Theory]
    [InlineData("HOME")]
    [InlineData("99")]
    [InlineData("001")]
    [InlineData("")]
    [InlineData(null)]
    public void Another_code_leads_nowhere(string? code) => Assert.Null(Dispositions.RouteOf(code));
}
