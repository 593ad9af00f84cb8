namespace SkyPortal.Web.Components.Shared;

/// <summary>A question before something that cannot be undone.</summary>
public sealed record Question(string Title, string Text, string Action);

/// <summary>Asks before something that cannot be undone. One per circuit.</summary>
public sealed class ConfirmService
{
    private TaskCompletionSource<bool>? _answer;

    /// <summary>The question changed.</summary>
    public event Action? Changed;

    /// <summary>The open question, or null.</summary>
    public Question? Open { get; private set; }

    /// <summary>Whether the person agrees. <paramref name="action"/> names the deed on the button, such as "Delete the token".</summary>
    public Task<bool> AskAsync(string title, string text, string action)
    {
        Answer(false);
        _answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Open = new Question(title, text, action);
        Changed?.Invoke();
        return _answer.Task;
    }

    /// <summary>Closes the question with an answer.</summary>
    public void Answer(bool yes)
    {
        Open = null;
        var answer = _answer;
        _answer = null;
        Changed?.Invoke();
        answer?.TrySetResult(yes);
    }
}
