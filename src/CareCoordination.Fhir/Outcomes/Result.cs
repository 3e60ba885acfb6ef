using System.Diagnostics.CodeAnalysis;

namespace CareCoordination.Fhir.Outcomes;

/// <summary>A value, or the <see cref="Failure"/> that explains why there is none.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;
    private readonly Failure? _failure;

    private Result(T? value, Failure? failure)
    {
        _value = value;
        _failure = failure;
    }

    public bool IsSuccess => _failure is null;

    /// <summary>The value. Throws where there is none: ask <see cref="IsSuccess"/> first.</summary>
    public T Value => _failure is null ? _value! : throw new InvalidOperationException("The result is a failure.");

    public Failure? Failure => _failure;

    /// <summary>True with the value, or false with the failure.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Failure? failure)
    {
        value = _value;
        failure = _failure;
        return _failure is null;
    }

    public Result<TOther> Then<TOther>(Func<T, Result<TOther>> next) => _failure is null ? next(_value!) : _failure;

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Failure failure) => new(default, failure);
}
