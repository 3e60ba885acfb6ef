using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Tests.Messages;

public sealed class Hl7PlaceTests
{
    [Theory]
    [InlineData("PID", "PID", 1, 0, 0, 0, 0)]
    [InlineData("PID-3", "PID", 1, 3, 0, 0, 0)]
    [InlineData("PID-3.4", "PID", 1, 3, 0, 4, 0)]
    [InlineData("PID-3(2).4.1", "PID", 1, 3, 2, 4, 1)]
    [InlineData("DG1(12)-3.2", "DG1", 12, 3, 0, 2, 0)]
    [InlineData("OBX(2)-5(3)", "OBX", 2, 5, 3, 0, 0)]
    [InlineData("ZP1-99999", "ZP1", 1, 99_999, 0, 0, 0)]
    public void Is_read_as_engineers_write_it(
        string text,
        string segment,
        int occurrence,
        int field,
        int repetition,
        int component,
        int subcomponent
    )
    {
        var place = Hl7Place.Parse(text);

        Assert.Equal(new Hl7Place(segment, occurrence, field, repetition, component, subcomponent), place);
        Assert.Equal(text, place.ToString());
    }

    [Fact]
    public void The_first_is_not_spelled_out() => Assert.Equal("PID-3.4", Hl7Place.Parse("PID(1)-3(1).4").ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("PI")]
    [InlineData("pid-3")]
    [InlineData("1ID-3")]
    [InlineData("PID-")]
    [InlineData("PID-0")]
    [InlineData("PID-x")]
    [InlineData("PID3")]
    [InlineData("PID.3")]
    [InlineData("PID-3.")]
    [InlineData("PID-3.0")]
    [InlineData("PID-3.4.5.6")]
    [InlineData("PID-3()")]
    [InlineData("PID-3(0)")]
    [InlineData("PID-3(2")]
    [InlineData("PID(2-3")]
    [InlineData("PID-3 ")]
    [InlineData("PID-100000")]
    [InlineData("PID-99999999999")]
    public void Anything_else_is_no_place(string? text)
    {
        Assert.False(Hl7Place.TryParse(text, out _));
        if (text is not null)
            Assert.Throws<FormatException>(() => Hl7Place.Parse(text));
    }

    [Theory]
    [InlineData("PID", "PID^1")]
    [InlineData("PID-3", "PID^1^3^1")]
    [InlineData("PID-3.4", "PID^1^3^1^4")]
    [InlineData("DG1(2)-3(4).5.6", "DG1^2^3^4^5^6")]
    public void Is_told_in_an_ERR_segment(string text, string erl) =>
        Assert.Equal(erl, Hl7Place.Parse(text).ToErl('^'));
}
